import { Counter, Gauge } from 'prom-client';
import type { Clock } from '../domain/clock.js';
import type { LetterWay } from '../ledger/letter-store.js';
import type { ReportStore } from '../ledger/report-store.js';
import type { OwnMetrics } from './own-metrics.js';

/** What meshslo tells of its reports. */
export interface ReportMetrics {
  attempted(way: LetterWay, outcome: 'sent' | 'refused' | 'failed'): void;
  archived(): void;
}

export function reportMetrics(metrics: OwnMetrics, store: ReportStore, clock: Pick<Clock, 'now'>): ReportMetrics {
  let told: ReportMetrics | undefined;
  metrics.add((registers) => {
    const attempts = new Counter({
      name: 'meshslo_report_attempts_total',
      help: 'Attempts to hand a report over, by way and how they ended.',
      labelNames: ['way', 'outcome'],
      registers,
    });
    const archived = new Counter({
      name: 'meshslo_reports_archived_total',
      help: 'Reports of weeks that were made and archived.',
      registers,
    });
    const waiting = new Gauge({
      name: 'meshslo_report_letters_waiting',
      help: 'Reports that wait to be handed over to a recipient.',
      registers,
    });
    const oldest = new Gauge({
      name: 'meshslo_report_oldest_letter_age_seconds',
      help: 'How long the oldest of them has waited; 0 while none does.',
      registers,
    });
    told = {
      attempted: (way, outcome) => attempts.inc({ way, outcome }),
      archived: () => archived.inc(),
    };
    return () => {
      const { letters, oldestQueuedAt } = store.letters.backlog();
      waiting.set(letters);
      oldest.set(oldestQueuedAt === undefined ? 0 : Math.max(0, clock.now() - oldestQueuedAt));
    };
  });
  return told!;
}
