import type { ActiveAlert } from '../domain/alert.js';
import type { AlertPolicy } from '../domain/alert-policy.js';
import { burnWindows, type FiringBefore, judged, type JudgedSlo, nothingFiring } from '../domain/burn-verdict.js';
import type { EpochSeconds } from '../domain/clock.js';
import { judgedEarly, type OpenEvents } from '../domain/open-minute.js';
import { type Slo, type SloId, sloId } from '../domain/slo.js';
import type { Ledger } from '../ledger/ledger.js';
import { sloStatuses } from '../ledger/slo-status.js';

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

  /**
   * What pages before the open minute is over, of what a look at the newest slot said.
   *
   * @param open SLOs with failures since that slot
   */
  lookEarly(statuses: readonly JudgedSlo[], open: readonly OpenEvents[]): readonly JudgedSlo[] {
    if (open.length === 0) return [];
    const openOf = new Map(open.map((events) => [events.slo, events]));
    const early = statuses.flatMap((status) => {
      const events = openOf.get(status.id);
      return (events && judgedEarly(status, events)) ?? [];
    });
    for (const { id } of early) this.#firing.set(id, { ...(this.#firing.get(id) ?? nothingFiring), page: true });
    return early;
  }

  /** Takes up what was firing at the last look of an earlier process, as the history of alerts has it. */
  resume(ongoing: readonly Pick<ActiveAlert, 'name' | 'labels'>[]): void {
    for (const { name, labels } of ongoing) {
      const severity = severityOf(name);
      const { cluster, namespace, service, slo } = labels;
      if (!severity || !cluster || !namespace || !service || !slo) continue;
      const id = sloId({ service: { cluster, namespace, name: service }, name: slo });
      this.#firing.set(id, { ...(this.#firing.get(id) ?? nothingFiring), [severity]: true });
    }
  }
}

function severityOf(name: string): 'page' | 'ticket' | undefined {
  if (name === 'ErrorBudgetBurnFast') return 'page';
  return name === 'ErrorBudgetBurnSlow' ? 'ticket' : undefined;
}
