import type { FindingBook } from '../domain/finding-book.js';
import type { Ledger } from '../ledger/ledger.js';

/** Findings and events as a ledger keeps them: for whoever reads it beside the service that looks for them. */
export function findingsOfLedger(ledger: Pick<Ledger, 'findings' | 'events'>): Pick<FindingBook, 'during' | 'events'> {
  return {
    during: (range) => {
      const ongoing = ledger.findings.ongoing().map(({ finding }) => finding);
      return [...ledger.findings.resolvedDuring(range), ...ongoing]
        .filter(({ firstSeen }) => firstSeen < range.to)
        .sort((a, b) => a.firstSeen - b.firstSeen || (a.id < b.id ? -1 : 1));
    },
    events: (range, service) => ledger.events.during(range, service),
  };
}
