import type { Clock, EpochSeconds } from '../domain/clock.js';
import type { Failure } from '../domain/failure.js';
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
      const troubled = places.flatMap((place) => troublesOf(place, now));
      const named = new Set(troubled.map(({ key }) => key));
      for (const key of since.keys()) if (!named.has(key)) since.delete(key);
      for (const { key } of troubled) if (!since.has(key)) since.set(key, now);
      const findings = troubled.flatMap(({ key, tell }) => {
        const begun = since.get(key)!;
        return now - begun >= unreadableSeconds() ? [{ ...tell(begun), owner: owner() }] : [];
      });
      // Only who was read can be read: what was found before a restart, or an outage, goes on until then, and while it is so.
      const unread = places.filter(({ currentAt, trouble }) => trouble ?? currentAt === undefined);
      const look: Look = {
        findings,
        judged: ['CatalogUnreadable'],
        unseen: ({ subject: { place, what } }) =>
          unread.some(({ name }) => name === place) || named.has(keyOf(place, what)),
        events: deploys.look(catalog.services()),
      };
      return Promise.resolve(look);
    },
  };
}

/** Something that cannot be read, and what is to be told of it once it lasts. */
interface Troubled {
  readonly key: string;
  readonly tell: (since: EpochSeconds) => Omit<Finding, 'owner'>;
}

function keyOf(place: string | undefined, part?: string): string {
  return JSON.stringify([place, part]);
}

/** A place that cannot be read, and parts of one that otherwise can. */
function troublesOf({ name, trouble, currentAt, lacks = [] }: NamedState, now: EpochSeconds): readonly Troubled[] {
  const lost = currentAt === undefined ? 'was never read' : `was read last ${spanInWords(now - currentAt)} ago`;
  const whole = trouble && {
    key: keyOf(name),
    tell: (since: EpochSeconds) =>
      unreadable({ place: name }, trouble, `${name} cannot be read: ${trouble.message}; it ${lost}`, since),
  };
  const parts = lacks.map(({ part, unknown, trouble: own }) => ({
    key: keyOf(name, part),
    tell: (since: EpochSeconds) => {
      const summary = `${part} of ${name} cannot be read: ${own.message}; nobody knows ${unknown}`;
      return unreadable({ place: name, what: part }, own, summary, since);
    },
  }));
  return whole ? [whole, ...parts] : parts;
}

function unreadable(
  subject: Readonly<Record<string, string>>,
  { code, message, hint }: Failure,
  summary: string,
  since: EpochSeconds,
): Omit<Finding, 'owner'> {
  return {
    kind: 'CatalogUnreadable',
    subject,
    summary,
    evidence: { ...subject, error: code, message },
    action: hint === undefined ? 'Look why it does not answer.' : `${hint[0]!.toUpperCase()}${hint.slice(1)}.`,
    since,
  };
}
