import type { EpochSeconds } from '../domain/clock.js';
import { type Slo, type SloId, sloId } from '../domain/slo.js';
import { wellFormed } from '../domain/well-formed.js';
import type { Ledger } from '../ledger/ledger.js';
import type { ReportPeriod } from './week-report.js';

/**
 * The SLOs that a week's report is about, as they were promised when the week ended, sorted by id: those that were seen in
 * the week, and those that are kept now and were kept then, seen or not.
 */
export function slosOfWeek(
  ledger: Ledger,
  keptNow: readonly Slo[],
  { from, knownUntil }: Pick<ReportPeriod, 'from' | 'knownUntil'>,
): readonly Slo[] {
  const sightings = ledger.sightings();
  const now = new Map(keptNow.map((slo) => [sloId(slo), slo]));
  const found = new Map<SloId, Slo>();
  for (const { id, epochs } of ledger.slos()) {
    const slo = definitionAt(epochs, knownUntil);
    const seen = sightings(id);
    const isSeen = seen !== undefined && seen.first < knownUntil && seen.last >= from;
    const kept = now.get(id);
    now.delete(id);
    const wasKept = kept !== undefined && epochs.some(({ since }) => since < knownUntil);
    if (slo && (isSeen || wasKept)) found.set(id, slo);
  }
  // What no slot was ever written for stands in no ledger.
  for (const [id, slo] of now) found.set(id, slo);
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, slo]) => ofNamedOwner(slo));
}

/** Definitions of before may hold names that are no text; reports have addresses that are made of them. */
function ofNamedOwner(slo: Slo): Slo {
  return slo.owner === undefined ? slo : { ...slo, owner: wellFormed(slo.owner) };
}

/** What held just before a moment. Slots of imported history are older than the first definition, which holds for them. */
function definitionAt(
  epochs: readonly { readonly since: EpochSeconds; readonly slo: Slo }[],
  moment: EpochSeconds,
): Slo | undefined {
  return (epochs.findLast(({ since }) => since < moment) ?? epochs[0])?.slo;
}
