import type { Clock, EpochSeconds } from '../domain/clock.js';
import type { Finding } from '../domain/finding.js';
import type { FindingSource, Look } from '../domain/finding-source.js';
import { spanInWords } from '../domain/in-words.js';
import type { Catalog, NamedState } from './catalog.js';
import { DeployWatch } from './deploys.js';

interface CatalogSourceParts {
  readonly catalog: Catalog;
  readonly clock: Pick<Clock, 'now'>;
  /** So long a place may be unreadable; asked at every look. */
  readonly unreadableSeconds: () => number;
  /** Who acts for meshslo itself: what it cannot read nobody else will notice. */
  readonly owner: () => string | undefined;
}

/** Looks whether the catalogue can be read, and notices deploys. */
export function catalogSource({ catalog, clock, unreadableSeconds, owner }: CatalogSourceParts): FindingSource {
  const deploys = new DeployWatch(clock);
  const since = new Map<string, EpochSeconds>();
  return {
    name: 'catalogue',
    everySeconds: 5,
    look: () => {
      const now = clock.now();
      const { places } = catalog;
      for (const { name, trouble } of places) {
        if (!trouble) since.delete(name);
        else if (!since.has(name)) since.set(name, now);
      }
      const findings = places.flatMap((place) => {
        const begun = since.get(place.name);
        if (begun === undefined || now - begun < unreadableSeconds()) return [];
        return [{ ...unreadable(place, begun, now), owner: owner() }];
      });
      // Only who was read can be read: what was found before a restart goes on until then.
      const unread = places.filter(({ currentAt, trouble }) => trouble ?? currentAt === undefined);
      const look: Look = {
        findings,
        judged: ['CatalogUnreadable'],
        unseen: ({ subject }) => unread.some(({ name }) => name === subject['place']),
        events: deploys.look(catalog.services()),
      };
      return Promise.resolve(look);
    },
  };
}

function unreadable(
  { name, trouble, currentAt }: NamedState,
  since: EpochSeconds,
  now: EpochSeconds,
): Omit<Finding, 'owner'> {
  const { message, hint, code } = trouble!;
  const lost = currentAt === undefined ? 'was never read' : `was read last ${spanInWords(now - currentAt)} ago`;
  return {
    kind: 'CatalogUnreadable',
    subject: { place: name },
    summary: `${name} cannot be read: ${message}; it ${lost}`,
    evidence: { place: name, error: code, message },
    action: hint === undefined ? 'Look why it does not answer.' : `${hint[0]!.toUpperCase()}${hint.slice(1)}.`,
    since,
  };
}
