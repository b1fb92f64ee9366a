import { type ScrapeAlertsContext, scrapeLagging, targetAlerts } from '../alerting/scrape-alerts.js';
import { sloAlerts } from '../alerting/slo-alerts.js';
import type { ActiveAlert } from '../domain/alert.js';
import type { Clock, EpochSeconds } from '../domain/clock.js';
import { serviceKey } from '../domain/service-id.js';
import type { Ledger } from '../ledger/ledger.js';
import type { ScrapeSource } from '../scrape/scrape-source.js';
import type { StatusBoard } from './status-board.js';

/** So far back it is asked how much meshslo itself has watched. */
const watchedSeconds = 6 * 3600;

interface AlertsNowParts {
  readonly ledger: Ledger;
  readonly board: StatusBoard;
  readonly source: Pick<ScrapeSource, 'targets'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly settings: () => Pick<ScrapeAlertsContext, 'cluster' | 'owner' | 'links'>;
}

/** What fires now, from what the board has read last. */
export class AlertsNow {
  readonly #parts: AlertsNowParts;
  readonly #startedAt: EpochSeconds;

  constructor(parts: AlertsNowParts) {
    this.#parts = parts;
    this.#startedAt = parts.clock.now();
  }

  /** Of services and targets; for after every slot. */
  ofServices(): readonly ActiveAlert[] {
    const { ledger, board, source } = this.#parts;
    const { links, now, ...context } = this.#context();
    const { knownUntil = now } = board;
    const statuses = board.statuses();
    const owners = new Map(statuses.map(({ slo }) => [serviceKey(slo.service), slo.owner]));
    return [
      ...sloAlerts(statuses, { links, knownUntil, watchedRatio: watchedRatio(ledger, knownUntil) }),
      ...targetAlerts(source.targets, { ...context, links, now }, (service) => owners.get(serviceKey(service))),
    ];
  }

  /** Of meshslo's own scraping; for a timer that goes on when slots do not, and reads nothing that may hang with them. */
  ofScraping(): readonly ActiveAlert[] {
    const { board, source } = this.#parts;
    return scrapeLagging(source.targets, board.knownUntil, this.#context());
  }

  #context() {
    const { clock, settings } = this.#parts;
    return { ...settings(), now: clock.now(), startedAt: this.#startedAt };
  }
}

/** The share of the last hours of which the ledger knows anything, counted from its first slot. */
function watchedRatio(ledger: Ledger, knownUntil: EpochSeconds): number {
  const extent = ledger.extent();
  if (!extent) return 0;
  const range = { from: Math.max(extent.from, knownUntil - watchedSeconds), to: knownUntil };
  const unknownSeconds = ledger.gaps(range).reduce((sum, { from, to }) => sum + to - from, 0);
  return range.to > range.from ? 1 - unknownSeconds / (range.to - range.from) : 0;
}
