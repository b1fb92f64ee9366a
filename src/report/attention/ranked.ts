import type { BurnCause } from '../burn-event.js';
import type { SloWeek } from '../slo-week.js';
import { serviceKey } from '../../domain/service-id.js';
import type { SloId } from '../../domain/slo.js';
import type { AttentionItem, WeekReport } from '../week-report.js';

/** What attention is worked out from. */
export interface AttentionParts extends Pick<
  WeekReport,
  'scope' | 'period' | 'slos' | 'burnEvents' | 'alerts' | 'coverage' | 'findings'
> {
  /** What the bad events of an SLO's week have in common. */
  readonly causeOf: (id: SloId) => BurnCause | undefined;
}

/** Something that may be told, and how pressing it is: the highest rank first. */
export type Ranked = AttentionItem & {
  readonly rank: number;
  /** The SLO whose failures are told, too. */
  readonly failing?: SloId;
};

/** SLOs by service, in the order in which services come first. */
export function byService(slos: readonly SloWeek[]): readonly (readonly SloWeek[])[] {
  const found = new Map<string, SloWeek[]>();
  for (const slo of slos) {
    const key = serviceKey(slo.slo.service);
    const known = found.get(key);
    if (known) known.push(slo);
    else found.set(key, [slo]);
  }
  return [...found.values()];
}
