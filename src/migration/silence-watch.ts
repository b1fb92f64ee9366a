import type { KnownService } from '../catalog/service-facts.js';
import type { EpochSeconds } from '../domain/clock.js';
import type { Finding } from '../domain/finding.js';
import type { FindingKind } from '../domain/finding-kinds.js';
import { spanInWords } from '../domain/in-words.js';
import { serviceKey, type ServiceId } from '../domain/service-id.js';
import type { SeenTraffic } from './service-traffic.js';
import { subjectOf } from './subject.js';

/** Proxies of one service, none of which answers. */
export interface SilentProxies {
  /** Where they are asked. */
  readonly urls: readonly string[];
  /** What became of asking the first of them. */
  readonly trouble: string;
}

/** How requests are watched at this moment. */
export interface Watching {
  /** Whether minutes are counted: without them nothing is known of anybody's requests. */
  readonly isCounting: boolean;
  /** Keys of services none of whose proxies can be read. */
  readonly blind: ReadonlySet<string>;
  /** Those of them of whose proxies every one was asked and gave no answer, by key. */
  readonly silent: ReadonlyMap<string, SilentProxies>;
}

export const kindsOfSilence: readonly FindingKind[] = ['MeshedButSilent', 'SloWithoutData'];

/** What one look goes by. */
interface SilenceLook {
  readonly services: readonly KnownService[];
  /** By key of the service. */
  readonly traffic: ReadonlyMap<string, SeenTraffic>;
  readonly watching: Watching;
  /** Whether every place of the catalogue has been read: only then a service that is not there is none. */
  readonly isRead: boolean;
  readonly silentSeconds: number;
  readonly now: EpochSeconds;
}

interface Silence {
  readonly findings: readonly Finding[];
  /** Whether a finding is of a service that has not been watched for long enough to say anything. */
  readonly isUnknown: (finding: Pick<Finding, 'kind' | 'subject'>) => boolean;
}

/**
 * Services in the mesh that nobody calls, as far as they were watched: a service is silent when it was watched for long enough
 * without a break, and not a request was seen.
 */
export class SilenceWatch {
  readonly #begun: EpochSeconds;
  /** Since when each service has been watched without a break, by key. */
  readonly #watchedSince = new Map<string, EpochSeconds>();
  /** Requests are known of the last hours only, and a service may be allowed to be silent for longer. */
  readonly #lastRequests = new Map<string, EpochSeconds>();
  #isFirst = true;

  /** @param begun when this process began to watch */
  constructor(begun: EpochSeconds) {
    this.#begun = begun;
  }

  look(look: SilenceLook): Silence {
    const { services, traffic, isRead, silentSeconds, now } = look;
    for (const [key, { lastRequestAt }] of traffic) {
      if (lastRequestAt !== undefined) this.#lastRequests.set(key, lastRequestAt);
    }
    const meshed = new Map(services.filter(isInMesh).map((service) => [serviceKey(service.id), service]));
    this.#watch(meshed, look);
    const isLongWatched = (key: string): boolean => now - this.#watchedSince.get(key)! >= silentSeconds;
    const silentFor = (key: string): number => now - (this.#lastRequests.get(key) ?? -Infinity);
    return {
      findings: [...meshed].flatMap(([key, service]) => {
        if (!isLongWatched(key) || isYoung(service, silentSeconds, now) || silentFor(key) < silentSeconds) return [];
        return [silenceOf(service, traffic.get(key), Math.max(silentSeconds, finite(silentFor(key))))];
      }),
      isUnknown: ({ kind, subject }) => {
        if (!kindsOfSilence.includes(kind)) return false;
        const key = serviceKey(idOf(subject));
        return meshed.has(key) ? !isLongWatched(key) && silentFor(key) >= silentSeconds : !isRead;
      },
    };
  }

  /** Whoever comes to be known, or cannot be read now, is watched from now on. */
  #watch(meshed: ReadonlyMap<string, unknown>, { traffic, watching, isRead, now }: SilenceLook): void {
    for (const key of meshed.keys()) {
      const isBlind = !watching.isCounting || watching.blind.has(key);
      if (isBlind) this.#watchedSince.set(key, now);
      else if (!this.#watchedSince.has(key)) this.#watchedSince.set(key, this.#isFirst ? this.#begun : now);
    }
    this.#isFirst = false;
    if (!isRead) return;
    for (const key of this.#watchedSince.keys()) if (!meshed.has(key)) this.#watchedSince.delete(key);
    for (const key of this.#lastRequests.keys()) {
      if (!meshed.has(key) && !traffic.has(key)) this.#lastRequests.delete(key);
    }
  }
}

/** Somebody can call it, and some instance has a proxy. */
export function isInMesh({ isCallable, instances }: KnownService): boolean {
  return isCallable && instances.some(({ hasProxy }) => hasProxy);
}

function isYoung({ instances }: KnownService, silentSeconds: number, now: EpochSeconds): boolean {
  return now - Math.min(...instances.map(({ createdAt }) => createdAt ?? -Infinity)) < silentSeconds;
}

function finite(seconds: number): number {
  return Number.isFinite(seconds) ? seconds : 0;
}

function silenceOf({ id, owner, mesh }: KnownService, traffic: SeenTraffic | undefined, seconds: number): Finding {
  const about = {
    subject: subjectOf(id),
    owner: traffic?.owner ?? owner,
    evidence: { ...(mesh !== undefined && { mesh }) },
    since: undefined,
  };
  if (traffic?.hasSlos === true && !traffic.hasData) {
    return {
      ...about,
      kind: 'SloWithoutData',
      summary: `${id.name} has SLOs, and nothing was ever counted for any of them`,
      action: 'Scrape its proxies, or name the mesh through which it is counted in its SLO file.',
    };
  }
  return {
    ...about,
    kind: 'MeshedButSilent',
    summary: `${id.name} is in the mesh, and not a request to it was seen for ${spanInWords(seconds)}`,
    action: 'See whether anybody calls it, whether the calls go past its proxies, and whether its proxies are scraped.',
  };
}

function idOf({ cluster = '', namespace = '', service = '' }: Finding['subject']): ServiceId {
  return { cluster, namespace, name: service };
}
