import type { KnownService } from '../catalog/service-facts.js';
import type { EpochSeconds } from '../domain/clock.js';
import type { Finding } from '../domain/finding.js';
import { spanInWords } from '../domain/in-words.js';
import { serviceKey } from '../domain/service-id.js';
import { isInMesh, type SilentProxies, type Watching } from './silence-watch.js';
import { subjectOf } from './subject.js';

/** A roll-out, or a network that is repaired, is over in a few minutes. */
const toleratedSeconds = 300;

/** A process that is younger than that has not asked every proxy yet. */
const beginningSeconds = 60;

interface Look {
  readonly services: readonly KnownService[];
  readonly watching: Pick<Watching, 'blind' | 'silent'>;
  /** Whether every place of the catalogue has been read: only then a service that is not there is none. */
  readonly isRead: boolean;
  /** Who acts, by key of the service. */
  readonly ownerOf: (key: string) => string | undefined;
  readonly now: EpochSeconds;
}

/** Services in the mesh whose proxies are all listed and silent: of their requests nothing is known, and that is no silence of theirs. */
export class UnreadableProxies {
  readonly #begun: EpochSeconds;
  #since = new Map<string, EpochSeconds>();

  /** @param begun when this process began to watch */
  constructor(begun: EpochSeconds) {
    this.#begun = begun;
  }

  look({ services, watching: { blind, silent }, isRead, ownerOf, now }: Look): {
    readonly findings: readonly Finding[];
    /** Whether a finding may go on: some proxy was not asked yet, or the time that is allowed is not over for this process. */
    readonly isUnknown: (finding: Pick<Finding, 'kind' | 'subject'>) => boolean;
  } {
    const meshed = new Map(services.filter(isInMesh).map((service) => [serviceKey(service.id), service]));
    const before = this.#since;
    // One more that has not been asked yet, such as the pod of a roll-out, ends nothing.
    const held = [...meshed.keys()].filter((key) => silent.has(key) || (blind.has(key) && before.has(key)));
    this.#since = new Map(held.map((key) => [key, before.get(key) ?? now]));
    const findings = [...this.#since].flatMap(([key, since]) => {
      const [service, proxies] = [meshed.get(key)!, silent.get(key)];
      if (!proxies || now - since < toleratedSeconds) return [];
      return [findingOf(service, proxies, ownerOf(key) ?? service.owner, since, now)];
    });
    return {
      findings,
      isUnknown: ({ kind, subject: { cluster = '', namespace = '', service = '' } }) => {
        if (kind !== 'ProxiesUnreadable') return false;
        const key = serviceKey({ cluster, namespace, name: service });
        return meshed.has(key) ? blind.has(key) || now - this.#begun < beginningSeconds : !isRead;
      },
    };
  }
}

function findingOf(
  { id, mesh }: KnownService,
  { urls, trouble }: SilentProxies,
  owner: string | undefined,
  since: EpochSeconds,
  now: EpochSeconds,
): Finding {
  const which = urls.length === 1 ? 'the one proxy' : `none of the ${urls.length} proxies`;
  const answers = urls.length === 1 ? 'has not answered' : 'has answered';
  const some = urls.toSorted().slice(0, 5).join(', ');
  return {
    kind: 'ProxiesUnreadable',
    subject: subjectOf(id),
    owner,
    summary: `${which} of ${id.name} that ${urls.length === 1 ? 'is' : 'are'} read ${answers} for ${spanInWords(now - since)}: ${trouble}`,
    evidence: {
      ...(mesh !== undefined && { mesh }),
      proxies: urls.length > 5 ? `${some} and ${urls.length - 5} more` : some,
      trouble,
    },
    action:
      'See whether they run, and whether meshslo gets through to these addresses (port, NetworkPolicy, mTLS on the port): until then nobody knows of its requests.',
    since,
  };
}
