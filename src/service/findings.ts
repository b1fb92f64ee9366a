import type { Clock } from '../domain/clock.js';
import { FindingDesk } from '../findings/finding-desk.js';
import type { Ledger } from '../ledger/ledger.js';
import { type FindingMetrics, findingMetrics } from '../server/finding-metrics.js';
import type { OwnMetrics } from '../server/own-metrics.js';
import type { Notices } from './notices.js';

interface FindingParts {
  readonly ledger: Pick<Ledger, 'findings' | 'events'>;
  readonly clock: Clock;
  readonly metrics: OwnMetrics;
  readonly notices: Notices;
  readonly onChanged: () => void;
  readonly onBug: (error: unknown) => void;
}

/** The desk of findings, with its metrics and with words for the operator; nobody looks before {@link FindingDesk.run}. */
export function createFindingDesk(parts: FindingParts): FindingDesk {
  const { ledger, clock, metrics, notices, onChanged, onBug } = parts;
  let told: FindingMetrics | undefined;
  const desk = new FindingDesk({
    findings: ledger.findings,
    events: ledger.events,
    clock,
    onBug,
    onLook: (outcome, changed) => {
      const { source, trouble } = outcome;
      told?.looked(outcome);
      notices.report(`look ${source}`, trouble && `${source}: ${trouble.message}`, `${source} can be looked at again`);
      const { unsaved } = desk.state;
      const unwritten = unsaved && `findings cannot be written (${unsaved.message}); they wait in memory`;
      notices.report('findings', unwritten, 'findings are written again');
      if (changed) onChanged();
    },
  });
  metrics.add((registers) => {
    told = findingMetrics(registers, desk);
    return () => told?.read();
  });
  return desk;
}
