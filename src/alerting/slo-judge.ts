import type { AlertPolicy } from '../domain/alert-policy.js';
import { burnWindows, type FiringBefore, judged, type JudgedSlo } from '../domain/burn-verdict.js';
import type { EpochSeconds } from '../domain/clock.js';
import type { Slo, SloId } from '../domain/slo.js';
import type { Ledger } from '../ledger/ledger.js';
import { sloStatuses } from '../ledger/slo-status.js';

/** So far back a new judge looks for what was firing: an alert is held no longer. */
const recalledSeconds = 3600;

/**
 * Judges all SLOs by their policies, look after look: alerts that are held depend on the look before.
 *
 * A look is at the newest slot; looking at the same one again says the same again.
 */
export class SloJudge {
  readonly #policyOf: (slo: Slo) => AlertPolicy;
  #firing = new Map<SloId, FiringBefore>();

  constructor(policyOf: (slo: Slo) => AlertPolicy) {
    this.#policyOf = policyOf;
  }

  /** How all SLOs stand, and what their policies say of it. */
  look(ledger: Ledger, slos: readonly Slo[], now: EpochSeconds): readonly JudgedSlo[] {
    const policies = new Set(slos.map(this.#policyOf));
    const statuses = sloStatuses(ledger, slos, now, burnWindows(policies));
    const all = statuses.map((status) => judged(status, this.#policyOf(status.slo), this.#firing.get(status.id)));
    this.#firing = new Map(
      all
        .filter(({ verdict }) => verdict.page ?? verdict.ticket)
        .map(({ id, verdict }) => [id, { page: verdict.page !== undefined, ticket: verdict.ticket !== undefined }]),
    );
    return all;
  }

  /** Finds out what was firing before a restart, by looking again at every minute of the last hour, as it was known by now. */
  recall(ledger: Ledger, slos: readonly Slo[], now: EpochSeconds): void {
    const newest = ledger.newestEnd(now);
    if (newest === undefined) return;
    for (let at = newest - recalledSeconds; at < newest; at += 60) this.look(ledger, slos, at);
  }
}
