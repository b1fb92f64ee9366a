import type { LinkSettings } from '../config/config.js';
import type { ActiveAlert } from '../domain/alert.js';
import { type AlertName, alertSeverities } from '../domain/alert-names.js';
import type { EpochSeconds } from '../domain/clock.js';
import { countInWords, spanInWords } from '../domain/in-words.js';
import { type ServiceId, serviceKey } from '../domain/service-id.js';
import type { TargetHealth } from '../scrape/target-health.js';
import { alertLinks, ownLabels, ownLinks, shownSeconds } from './alert-links.js';
import type { AlertTexts } from './slo-alert.js';

/** A pod that moves, or a proxy that restarts, is back sooner; so long after a start it is not known what is lost. */
export const lostAfterSeconds = 600;

/** Slots are written a second after their minute; two that are late are no chance. */
const slotLateSeconds = 180;

/** The longest interval is a minute; a target that was not even tried for so long waits in a queue. */
const turnLateSeconds = 150;

/** So many of all targets may wait before it is said: one that was listed this minute is no queue. */
const mostWaitingRatio = 0.1;

/** So many addresses stand in a text. */
const mostNamed = 3;

/** What alerts of scraping are made from. */
export interface ScrapeAlertsContext {
  /** Where this meshslo runs. */
  readonly cluster: string;
  /** Who acts for meshslo itself. */
  readonly owner?: string | undefined;
  readonly links: LinkSettings;
  readonly now: EpochSeconds;
  /** Since when this meshslo runs: what is late before that is nobody's doing. */
  readonly startedAt: EpochSeconds;
}

/**
 * Services whose proxies do not answer any more, and jobs whose targets never did.
 *
 * @param ownerOf the team of a service; undefined where nobody is known
 */
export function targetAlerts(
  targets: readonly TargetHealth[],
  context: ScrapeAlertsContext,
  ownerOf: (service: ServiceId) => string | undefined,
): readonly ActiveAlert[] {
  const lost = targets.filter((target) => isLost(target, context));
  const byPlace = new Map<string, { readonly service?: ServiceId; readonly job: string; targets: TargetHealth[] }>();
  for (const target of lost) {
    const [service] = target.services;
    const key = service ? serviceKey(service) : `job ${target.job}`;
    const place = byPlace.get(key) ?? { ...(service && { service }), job: target.job, targets: [] };
    place.targets.push(target);
    byPlace.set(key, place);
  }
  return [...byPlace.values()].map(({ service, job, targets: gone }) => {
    const of = service ? `${service.namespace}/${service.name}` : `job ${job}`;
    const owner = service && ownerOf(service);
    const labels = service
      ? {
          cluster: service.cluster,
          namespace: service.namespace,
          service: service.name,
          ...(owner !== undefined && { owner }),
        }
      : { cluster: context.cluster, job };
    return alert('ScrapeTargetLost', context, lostTexts(of, gone), { labels, service });
  });
}

/** Whether meshslo itself is late: no slot is written, or targets wait for their turn. Asked when slots stop, too. */
export function scrapeLagging(
  targets: readonly TargetHealth[],
  knownUntil: EpochSeconds | undefined,
  context: ScrapeAlertsContext,
): readonly ActiveAlert[] {
  const { now, startedAt } = context;
  if (now - startedAt < slotLateSeconds) return [];
  const lateSeconds = now - Math.max(knownUntil ?? startedAt, startedAt);
  const waiting = targets.filter(({ lastScrapeAt }) => now - Math.max(lastScrapeAt ?? 0, startedAt) > turnLateSeconds);
  const isWaiting = waiting.length > mostWaitingRatio * targets.length;
  if (lateSeconds < slotLateSeconds && !isWaiting) return [];
  const what =
    lateSeconds < slotLateSeconds
      ? `${countInWords(waiting.length)} of ${countInWords(targets.length)} targets have waited for their turn for minutes`
      : `no minute has been written into the ledger for ${spanInWords(lateSeconds)}`;
  const texts = {
    summary: `meshslo is blind: ${what}`,
    description: 'Budgets and burn rates stand still meanwhile, and nobody is called for what begins to burn now.',
    action:
      'Read the log and /api/v1/status: a full disk, a clock that was set back and a damaged ledger are named there. Otherwise give meshslo more CPU, fewer targets or a longer interval.',
  };
  return [
    alert('MeshsloScrapeLagging', context, texts, {
      labels: ownLabels(context),
      service: undefined,
    }),
  ];
}

function isLost({ up, lastScrapeAt, lastSuccessAt }: TargetHealth, { now, startedAt }: ScrapeAlertsContext): boolean {
  return (
    up === false && lastScrapeAt !== undefined && now - Math.max(lastSuccessAt ?? 0, startedAt) >= lostAfterSeconds
  );
}

function lostTexts(of: string, gone: readonly TargetHealth[]): AlertTexts {
  const named = gone.slice(0, mostNamed).map(({ url, failure }) => (failure ? `${url} (${failure.message})` : url));
  const rest = gone.length > mostNamed ? ` and ${gone.length - mostNamed} more` : '';
  const many = gone.length === 1 ? '1 target' : `${gone.length} targets`;
  return {
    summary: `${many} of ${of} cannot be read`,
    description: `${named.join(', ')}${rest}: no good answer for ${spanInWords(lostAfterSeconds)} or more. What they carry is not counted.`,
    action:
      'See whether they run and may be reached from here; take them off the list of targets if they are gone for good.',
  };
}

function alert(
  name: AlertName,
  { cluster, links, now }: ScrapeAlertsContext,
  texts: AlertTexts,
  { labels, service }: { readonly labels: Readonly<Record<string, string>>; readonly service: ServiceId | undefined },
): ActiveAlert {
  const range = { from: now - shownSeconds, to: now };
  const to =
    service === undefined
      ? ownLinks(links, { alert: name, cluster, range })
      : alertLinks(links, { alert: name, service, slo: undefined, range });
  return { name, severity: alertSeverities[name], labels, annotations: { ...texts, ...to } };
}
