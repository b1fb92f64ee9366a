import type { Config } from '../config/config.js';
import { hasErrors } from '../domain/diagnostic.js';
import type { Clock } from '../domain/clock.js';
import { Failure } from '../domain/failure.js';
import { countInWords } from '../domain/in-words.js';
import type { Ledger } from '../ledger/ledger.js';
import { alertmanagerOutput } from '../publish/alertmanager-output.js';
import { objectName } from '../publish/desired-object.js';
import { type Documents, documentsOf, noDocuments } from '../publish/documents.js';
import type { PastReader } from '../publish/past-moment.js';
import { annotationsOf, publicationOf } from '../publish/publication.js';
import { Publisher } from '../publish/publisher.js';
import type { Applied } from '../publish/run.js';
import type { OwnMetrics } from '../server/own-metrics.js';
import { publishMetrics } from '../server/publish-metrics.js';
import { fileStamp } from './config-watch.js';
import type { CurrentSlos } from './current-slos.js';
import type { Notices } from './notices.js';
import { pastOf } from './past.js';

export interface PublishingParts {
  readonly config: () => Config;
  readonly slos: CurrentSlos;
  readonly ledger: Pick<Ledger, 'alerts' | 'events' | 'findings'>;
  readonly clock: Clock;
  readonly metrics: Pick<OwnMetrics, 'add'>;
  readonly notices: Notices;
  readonly onNotice: (notice: string) => void;
  readonly onBug: (error: unknown) => void;
}

/** What keeps the things of a running service published: what is made for its SLOs, and what has happened. */
export function createPublishers(parts: PublishingParts): readonly Publisher[] {
  const told = publishMetrics(parts.metrics, parts.clock);
  return [publisherOfDocuments(parts, told), publisherOfPast(parts, told)];
}

type Told = (applied: Applied, durationSeconds: number) => void;

/** What happens is marked on charts a few seconds later, and costs no look at what takes thousands of requests. */
function publisherOfPast({ config, clock, ledger, notices, onBug }: PublishingParts, told: Told): Publisher {
  const past: PastReader = (range) => pastOf(ledger, range);
  return new Publisher({
    clock,
    settings: () => config().publish,
    version: () => `${ledger.alerts.version} ${ledger.findings.version} ${ledger.events.version}`,
    open: (settings) =>
      settings.destinations.flatMap((one) => annotationsOf(one, settings, { past, now: clock.now() })),
    wanted: () => noDocuments,
    onApplied: (applied, durationSeconds) => {
      told(applied, durationSeconds);
      // That something happened is told where it happened.
      noticeApplied(applied, notices, () => undefined);
    },
    onTrouble: () => undefined,
    onBug,
  });
}

function publisherOfDocuments(parts: PublishingParts, told: Told): Publisher {
  const { config, slos, clock, notices, onNotice, onBug } = parts;
  const versions = new WeakMap<Config, number>();
  let configs = 0;
  return new Publisher({
    clock,
    settings: () => config().publish,
    version: () => {
      const current = config();
      if (!versions.has(current)) versions.set(current, (configs += 1));
      return `${versions.get(current)} ${slos.version} ${slos.all().length} ${stampOfMerged(current)}`;
    },
    open: (settings) => settings.destinations.map((one) => publicationOf(one, settings)),
    wanted: () => wantedOf(config(), slos),
    onApplied: (applied, durationSeconds) => {
      told(applied, durationSeconds);
      noticeApplied(applied, notices, onNotice);
    },
    onTrouble: (failure) => {
      notices.report('publishing', failure && `nothing is published: ${failure.message}`, 'things are published again');
    },
    onBug,
  });
}

/** Of the configuration that ours is merged into: it is no part of ours, and changes when its owner likes. */
function stampOfMerged({ notifications }: Config): string {
  if (notifications?.mergeInto === undefined) return 'none';
  try {
    return fileStamp(notifications.mergeInto);
  } catch {
    return 'unreadable';
  }
}

function wantedOf(config: Config, slos: CurrentSlos): Documents {
  const output = alertmanagerOutput(config);
  if (output && hasErrors(output.diagnostics)) {
    const [first] = output.diagnostics;
    throw new Failure('bad-configuration', `the configuration of Alertmanager cannot be merged: ${first!.message}`, {
      hint: 'meshslo diff shows where',
    });
  }
  return documentsOf({ config, slos: slos.all(), alertmanager: output?.text });
}

/** What was done is told each time, what is wrong when it begins and when it is over. */
function noticeApplied(
  { destination, published, failure }: Applied,
  notices: Notices,
  onNotice: (notice: string) => void,
) {
  const name = `publishing to ${destination}`;
  const healed = `${name} works again`;
  if (!published) {
    const hint = failure?.hint === undefined ? '' : ` (${failure.hint})`;
    notices.report(name, `${name}: ${failure?.message ?? ''}${hint}; it is tried again`, healed);
    return;
  }
  const { endings, kept, remarks, unsettled, settled } = published;
  const done = endings.filter((ending) => !ending.failure);
  if (done.length > 0 || settled !== undefined) {
    const acts = (['create', 'replace', 'mark', 'remove'] as const).flatMap((act) => {
      const count = done.filter(({ change }) => change.act === act).length;
      return count > 0 ? [`${countInWords(count)} ${doneWords[act]}`] : [];
    });
    onNotice(`${name}: ${[...acts, ...(settled === undefined ? [] : [settled])].join(', ')}`);
  }
  const [first] = endings.flatMap((ending) => ending.failure ?? []);
  const failed = endings.length - done.length;
  const troubles = [
    ...(first ? [`${countInWords(failed)} failed, ${first.message}`] : []),
    ...(unsettled ? [unsettled.message] : []),
  ];
  notices.report(name, troubles.length > 0 ? `${name}: ${troubles.join('; ')}; it is tried again` : undefined, healed);
  const unknown = remarks.length > 0 ? `${name}: ${remarks.join('; ')}` : undefined;
  notices.report(`${name}, what is not known`, unknown, `${name}: all that it is asked is told again`);
  const left = kept.map(objectName);
  const shown = `${left.slice(0, 3).join(', ')}${left.length > 3 ? ` and ${countInWords(left.length - 3)} more` : ''}`;
  notices.report(
    `${name}, what is left alone`,
    left.length > 0
      ? `${name}: left alone, for others have made or changed it: ${shown} (meshslo diff shows it)`
      : undefined,
    `${name}: nothing is left alone any more`,
  );
}

const doneWords = { create: 'made', replace: 'changed', mark: 'retired', remove: 'removed' } as const;
