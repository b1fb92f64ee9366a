import type { MetricStore } from '../prometheus/metric-store.js';
import type { Events } from './event-book.js';
import type { ServiceStory } from './service-story.js';
import type { ToldFleet } from './told-fleet.js';

/** What was recorded of a service in a window, beside the truth. */
export interface Judgement {
  readonly story: ServiceStory;
  readonly windowSeconds: number;
  /** Undefined where nothing was recorded; NaN is passed on. */
  readonly recorded: { readonly total: number | undefined; readonly bad: number | undefined };
  readonly happened: Events;
  /** What a perfect reader of the same scrapes knew. */
  readonly seen: Events;
}

/** Expressions for the events of a window: their answers name the service in the label `service`. */
export interface RecordedEvents {
  readonly total: string;
  readonly bad: string;
  /** How far behind the moment of a question what they count ends; whole cells. */
  readonly delaySeconds: number;
}

/** Asks for a window of every service at a moment. @param sli the place of the SLI among those that the fleet counted */
export async function judge(
  store: MetricStore,
  fleet: ToldFleet,
  sli: number,
  atSeconds: number,
  windowSeconds: number,
  { total, bad, delaySeconds }: RecordedEvents,
): Promise<readonly Judgement[]> {
  const [totals, bads] = [await store.instant(total, atSeconds), await store.instant(bad, atSeconds)];
  const to = atSeconds - delaySeconds;
  return [...fleet].map(([story, truths]) => {
    const { happened, seen } = truths[sli]!;
    const valueOf = (values: typeof totals): number | undefined =>
      values.find(({ labels }) => isOf(story, labels))?.value;
    return {
      story,
      windowSeconds,
      recorded: { total: valueOf(totals), bad: valueOf(bads) },
      happened: happened.between(to - windowSeconds, to),
      seen: seen.between(to - windowSeconds, to),
    };
  });
}

/** "Kubernetes" is the id of a cluster that nobody named: there the recorded name is the configured one. */
function isOf({ name, namespace, cluster }: ServiceStory, labels: Readonly<Record<string, string>>): boolean {
  if (labels['service'] !== name || labels['namespace'] !== namespace) return false;
  return cluster === 'Kubernetes' || labels['cluster'] === undefined || labels['cluster'] === cluster;
}

/** How far the share of a budget that a window has consumed is off, as a share of the budget; NaN where it is unknown. */
export function budgetError({ recorded, happened }: Judgement, objective: number): number {
  const { total = Number.NaN, bad = Number.NaN } = recorded;
  return (bad / total - happened.bad / happened.total) / (1 - objective);
}
