import { call } from '../../promql/expression.js';
import type { Expression, Selector } from '../../promql/expression.js';
import { sumOfAny } from './added.js';
import type { RecordingRule } from './rule-file.js';
import type { EventKind } from './series-names.js';
import { fiveMinuteEvents, minuteEvents, sliLabels, windowEvents } from './series-names.js';
import { recorded, settled } from './sli-rules.js';

/** Windows of alerts are read in minutes; those of budgets, which are longer, in five. @see windowField of alert policies */
export const longestMinuteWindowSeconds = 3 * 86_400;

/** The minutes of shorter windows are as quickly read as pieces are put together. */
const shortestInPiecesSeconds = 6 * 3600;

/** Of more pieces, reading them is no gain. */
const mostPieces = 6;

/** While the rules were away nothing was recorded, and nothing counted either: what they recorded last stands for it. */
const longestAwaySeconds = 3600;

/**
 * All events of a window, and the bad ones, of all services.
 *
 * A long window is put together of what was recorded of a shorter one, as far back as each piece begins: 3 d of six times 12 h,
 * where there are 4,320 minutes to read otherwise.
 *
 * @param windows all that are recorded, in seconds
 * @param settlesSeconds minutes are recorded by the same group, or so long ago
 */
export function windowRules(
  windowSeconds: number,
  windows: readonly number[],
  settlesSeconds = 0,
): readonly RecordingRule[] {
  const piece = pieceOf(windowSeconds, windows);
  return (['events', 'bad_events'] as const).map((kind) => ({
    record: windowEvents(kind, windowSeconds),
    labels: {},
    expression:
      piece === undefined ? ofSamples(kind, windowSeconds, settlesSeconds) : ofPieces(kind, windowSeconds, piece),
  }));
}

function ofSamples(kind: EventKind, windowSeconds: number, settlesSeconds: number): Expression {
  const samples =
    windowSeconds <= longestMinuteWindowSeconds
      ? settled(recorded(minuteEvents(kind), windowSeconds), settlesSeconds)
      : recorded(fiveMinuteEvents(kind), windowSeconds);
  return call('sum_over_time', samples);
}

/** The longest window that fits a few times; none where the samples themselves are few, or others. */
function pieceOf(windowSeconds: number, windows: readonly number[]): number | undefined {
  if (windowSeconds < shortestInPiecesSeconds || windowSeconds > longestMinuteWindowSeconds) return undefined;
  const fits = (seconds: number): boolean =>
    seconds < windowSeconds && windowSeconds % seconds === 0 && windowSeconds / seconds <= mostPieces;
  return windows.filter(fits).sort((a, b) => b - a)[0];
}

function ofPieces(kind: EventKind, windowSeconds: number, pieceSeconds: number): Expression {
  const piece: Selector = { kind: 'selector', metric: windowEvents(kind, pieceSeconds), matchers: [] };
  const pieces = Array.from({ length: windowSeconds / pieceSeconds }, (_, number): Expression => {
    if (number === 0) return piece;
    const earlier = { rangeSeconds: longestAwaySeconds, offsetSeconds: number * pieceSeconds };
    return call('last_over_time', { ...piece, ...earlier });
  });
  return sumOfAny(sliLabels, pieces);
}
