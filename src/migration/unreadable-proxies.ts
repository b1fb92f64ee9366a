import type { KnownService } from '../catalog/service-facts.js';
import type { EpochSeconds } from '../domain/clock.js';
import type { Finding } from '../domain/finding.js';
import { spanInWords } from '../domain/in-words.js';
import { serviceKey } from '../domain/service-id.js';
import { isInMesh, type SilentProxies } from './silence-watch.js';
import { subjectOf } from './subject.js';

/** A roll-out, or a network that is repaired, is over in a few minutes. */
const toleratedSeconds = 300;

interface Look {
  readonly services: readonly KnownService[];
  /** By key of the service. */
  readonly silent: ReadonlyMap<string, SilentProxies>;
  /** Who acts, by key of the service. */
  readonly ownerOf: (key: string) => string | undefined;
  readonly now: EpochSeconds;
}

/** Services in the mesh whose proxies are all listed and silent: of their requests nothing is known, and that is no silence of theirs. */
export class UnreadableProxies {
  #since = new Map<string, EpochSeconds>();

  look({ services, silent, ownerOf, now }: Look): {
    readonly findings: readonly Finding[];
    readonly isUnknown: (finding: Pick<Finding, 'kind' | 'subject'>) => boolean;
  } {
    const meshed = services.filter((one) => isInMesh(one) && silent.has(serviceKey(one.id)));
    const before = this.#since;
    this.#since = new Map(meshed.map(({ id }) => [serviceKey(id), before.get(serviceKey(id)) ?? now]));
    const isLasting = (key: string): boolean => now - this.#since.get(key)! >= toleratedSeconds;
    const findings = meshed.flatMap((service) => {
      const key = serviceKey(service.id);
      return isLasting(key)
        ? [findingOf(service, silent.get(key)!, ownerOf(key) ?? service.owner, this.#since.get(key)!, now)]
        : [];
    });
    const young = new Set(meshed.filter(({ id }) => !isLasting(serviceKey(id))).map(({ id }) => serviceKey(id)));
    return {
      findings,
      // What an earlier run has found goes on while it is so.
      isUnknown: ({ kind, subject: { cluster = '', namespace = '', service = '' } }) =>
        kind === 'ProxiesUnreadable' && young.has(serviceKey({ cluster, namespace, name: service })),
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
