import type { Meshes } from './meaning/meshes.js';
import type { ReadPromise } from './meaning/read-promise.js';
import { readPromise } from './meaning/read-promise.js';
import type { Obstacle, Reading } from './obstacle.js';
import { isObstacle } from './obstacle.js';
import type { PeerQuery, PeerSlo } from './peer-slo.js';
import type { CountedEvents } from './query/counted-events.js';
import { minus } from './query/counted-events.js';
import { fillWindow } from './query/fill-window.js';
import { readEvents } from './query/read-events.js';
import type { PeerEvents } from './query/read-ratio.js';
import { readRatio } from './query/read-ratio.js';

/** Why a promise cannot be taken, and where that stands. */
export interface PlacedObstacle {
  readonly query: PeerQuery;
  readonly obstacle: Obstacle;
}

/** What the queries of a tool's SLO promise in the words of meshslo, or every reason why they do not. */
export function promiseOf(slo: PeerSlo, meshes: Meshes): ReadPromise | readonly PlacedObstacle[] {
  const { sli } = slo;
  const at = (query: PeerQuery, obstacle: Obstacle): PlacedObstacle => ({ query, obstacle });
  if ('ratio' in sli) {
    const { ratio } = sli;
    const events = read(ratio, (text) => readRatio(text, sli.kind === 'bad-ratio' ? 'bad' : 'good'));
    if (isObstacle(events)) return [at(ratio, events)];
    return finished(events, slo, meshes, ratio);
  }
  const [part, total] = [sli.part, sli.total].map((query) => read(query, readEvents)) as [
    Reading<CountedEvents>,
    Reading<CountedEvents>,
  ];
  const wrong = [
    ...(isObstacle(part) ? [at(sli.part, part)] : []),
    ...(isObstacle(total) ? [at(sli.total, total)] : []),
  ];
  if (isObstacle(part) || isObstacle(total)) {
    // The same mistake in both queries is one.
    return wrong.filter(({ obstacle }, index) => index === 0 || obstacle.message !== wrong[0]!.obstacle.message);
  }
  const bad = sli.kind === 'bad-of-total' ? part : minus(total, part);
  return finished({ total, bad }, slo, meshes, sli.part);
}

function read<T extends object>({ text }: PeerQuery, reader: (text: string) => Reading<T>): Reading<T> {
  const filled = fillWindow(text);
  return isObstacle(filled) ? filled : reader(filled.text);
}

function finished(
  events: PeerEvents,
  slo: PeerSlo,
  meshes: Meshes,
  query: PeerQuery,
): ReadPromise | readonly PlacedObstacle[] {
  const promise = readPromise(events, meshes, slo.mustSum);
  return isObstacle(promise) ? [{ query, obstacle: promise }] : promise;
}
