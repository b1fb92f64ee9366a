import type { Catalog } from '../catalog/catalog.js';
import type { KnownService } from '../catalog/service-facts.js';
import { type MigrationPhase, migrationPhaseNames } from '../domain/catalog-service.js';
import type { Clock, EpochSeconds } from '../domain/clock.js';
import type { Finding } from '../domain/finding.js';
import type { FindingKind } from '../domain/finding-kinds.js';
import type { FindingSource, Look } from '../domain/finding-source.js';
import { roundPercentInWords } from '../domain/in-words.js';
import type { MeshEvent } from '../domain/mesh-event.js';
import { parseServiceKey, serviceKey, type ServiceId } from '../domain/service-id.js';
import { reaches } from './migration-board.js';
import { kindsOfSilence, SilenceWatch, type Watching } from './silence-watch.js';
import { subjectOf } from './subject.js';
import { UnreadableProxies } from './unreadable-proxies.js';
import { noPaths, type SeenPaths, seenPhase, type SeenTraffic } from './service-traffic.js';

interface MigrationParts {
  readonly services: () => readonly KnownService[];
  readonly places: () => Catalog['places'];
  /** By key of the service. */
  readonly traffic: () => ReadonlyMap<string, SeenTraffic>;
  readonly watching: () => Watching;
  readonly clock: Pick<Clock, 'now'>;
  /** So long a service may be without a request, or an SLO without data. */
  readonly silentSeconds: () => number;
  /** When this process began to watch. */
  readonly watchedSince: EpochSeconds;
}

/** What needs every place's word: an owner, or how far a service is to go, may stand in the one that is not read yet. */
const ofAllPlaces: readonly FindingKind[] = ['NoOwner', 'MigrationBehind'];
const ofWatching: readonly FindingKind[] = ['TrafficWithoutSlo', 'ProxiesUnreadable', ...kindsOfSilence];

/** Holds the catalogue against what was seen in traffic. */
export function migrationSource(parts: MigrationParts): FindingSource {
  const { clock, watchedSince, silentSeconds } = parts;
  const phases = new Map<string, MigrationPhase>();
  const behindSince = new Map<string, EpochSeconds>();
  const silence = new SilenceWatch(watchedSince);
  const unreadable = new UnreadableProxies(watchedSince);
  return {
    name: 'migration',
    everySeconds: 15,
    look: () => {
      const now = clock.now();
      const traffic = parts.traffic();
      const watching = parts.watching();
      const services = parts.services();
      const isRead = parts.places().every(({ currentAt }) => currentAt !== undefined);
      if (isRead) forgetOthers(services, [phases, behindSince]);
      const silent = silence.look({ services, traffic, watching, isRead, silentSeconds: silentSeconds(), now });
      const ownerOf = (key: string): string | undefined => traffic.get(key)?.owner;
      const unread = unreadable.look({ services, watching, isRead, ownerOf, now });
      const seenFrom = Math.max(watchedSince, now - silentSeconds());
      const behindNow = services.flatMap((one) => behind(one, traffic.get(serviceKey(one.id)), behindSince, now));
      const look: Look = {
        findings: [
          ...silent.findings,
          ...unread.findings,
          ...withoutSlo(traffic, services, seenFrom),
          ...(isRead
            ? [
                ...services.flatMap((one) => ownerless(one, traffic.get(serviceKey(one.id)))),
                ...unknownToCatalogue(services, traffic),
                ...behindNow,
              ]
            : []),
        ],
        judged: isRead ? [...ofWatching, ...ofAllPlaces] : ofWatching,
        unseen: (finding) =>
          finding.kind === 'TrafficWithoutSlo'
            ? !watching.isCounting
            : silent.isUnknown(finding) || unread.isUnknown(finding),
        events: moved(services, phases, now),
      };
      return Promise.resolve(look);
    },
  };
}

/** Whoever is in no catalogue any more begins anew when they come back: every run of a job may have a name of its own. */
function forgetOthers(services: readonly KnownService[], memories: readonly Map<string, unknown>[]): void {
  const known = new Set(services.map(({ id }) => serviceKey(id)));
  for (const memory of memories) {
    for (const key of memory.keys()) if (!known.has(key)) memory.delete(key);
  }
}

/** Whom nobody answers for, as far as everybody was asked. */
function ownerless(
  { id, owner, isCallable, places }: KnownService,
  traffic: SeenTraffic | undefined,
): readonly Finding[] {
  return isCallable && (traffic?.owner ?? owner) === undefined ? [nobodys(id, places)] : [];
}

function nobodys(id: ServiceId, places: readonly string[]): Finding {
  return {
    kind: 'NoOwner',
    subject: subjectOf(id),
    owner: undefined,
    summary: `nobody is known to answer for ${id.namespace}/${id.name}`,
    evidence: { 'known from': places.length === 0 ? 'traffic' : places.join(', ') },
    action:
      'Say it in its SLO file, in owners:, by the label owner of its service or pods, or in the service catalogue.',
    since: undefined,
  };
}

/** Services that only traffic shows have owners, too, or none. */
function unknownToCatalogue(
  services: readonly KnownService[],
  traffic: ReadonlyMap<string, SeenTraffic>,
): readonly Finding[] {
  const known = new Set(services.map(({ id }) => serviceKey(id)));
  return [...traffic].flatMap(([key, { owner, hasSlos }]) =>
    owner === undefined && hasSlos && !known.has(key) ? [nobodys(idOf(key), [])] : [],
  );
}

function withoutSlo(
  traffic: ReadonlyMap<string, SeenTraffic>,
  services: readonly KnownService[],
  from: EpochSeconds,
): readonly Finding[] {
  const owners = new Map(services.map(({ id, owner }) => [serviceKey(id), owner]));
  return [...traffic].flatMap(([key, { lastRequestAt = -Infinity, hasSlos, owner, mesh }]) => {
    if (hasSlos || lastRequestAt <= from) return [];
    const id = idOf(key);
    return [
      {
        kind: 'TrafficWithoutSlo' as const,
        subject: subjectOf(id),
        owner: owner ?? owners.get(key),
        summary: `requests to ${id.namespace}/${id.name} are seen, and no SLO counts them`,
        evidence: { ...(mesh !== undefined && { mesh }) },
        action: 'Its SLOs are all switched off, or another mesh counts it: look at its SLO file and its tier.',
        since: undefined,
      },
    ];
  });
}

function behind(
  { id, owner, mesh, wanted, actual, instances }: KnownService,
  traffic: SeenTraffic | undefined,
  since: Map<string, EpochSeconds>,
  now: EpochSeconds,
): readonly Finding[] {
  const key = serviceKey(id);
  if (wanted === undefined || actual === undefined || reaches(actual, wanted)) {
    since.delete(key);
    return [];
  }
  if (!since.has(key)) since.set(key, now);
  // A roll-out is on its way for some minutes.
  if (now - since.get(key)! < 300) return [];
  const meshed = instances.filter(({ hasProxy }) => hasProxy).length;
  return [
    {
      kind: 'MigrationBehind',
      subject: subjectOf(id),
      owner: traffic?.owner ?? owner,
      summary: `${id.name} is ${migrationPhaseNames[actual]} instead of ${migrationPhaseNames[wanted]}: ${meshed} of ${instances.length} instances have a proxy`,
      evidence: {
        wanted: migrationPhaseNames[wanted],
        actual: migrationPhaseNames[actual],
        instances: String(instances.length),
        'with a proxy': String(meshed),
        ...(traffic && seenInWords(traffic)),
      },
      action: nextStep(actual, mesh, traffic?.paths ?? noPaths),
      since: since.get(key),
    },
  ];
}

/** What its requests of the last hours say; that nobody tells of mTLS is something else than that there is none. */
function seenInWords(traffic: SeenTraffic): Readonly<Record<string, string>> {
  const seen = seenPhase(traffic);
  const { received, authenticated, plain } = traffic.paths;
  const known = authenticated + plain;
  return {
    ...(seen !== undefined && { 'by its requests': migrationPhaseNames[seen] }),
    ...(known > 0 && { 'requests over mTLS': roundPercentInWords(authenticated / known) }),
    ...(known === 0 && received > 0 && { 'requests over mTLS': 'not told by its proxies' }),
  };
}

/** How a mesh refuses what comes in the clear. */
const refusals: Readonly<Record<string, string>> = {
  istio: 'let its PeerAuthentication be STRICT',
  'istio-ambient': 'let its PeerAuthentication be STRICT',
  linkerd2: 'annotate its pods with config.linkerd.io/default-inbound-policy: all-authenticated',
};

function nextStep(actual: MigrationPhase, mesh: string | undefined, { authenticated, plain }: SeenPaths): string {
  if (actual === 'not-migrated') {
    return 'Restart its pods, so that they get their proxies; else look why injection is refused.';
  }
  if (actual !== 'egress')
    return 'Look at what of its traffic goes past its proxies: annotations of its pods leave it out.';
  const refuse = refusals[mesh ?? ''] ?? 'let its proxies refuse what comes in the clear';
  if (plain > 0) return `Some callers still speak to it in the clear: move these first; then ${refuse}.`;
  return authenticated > 0
    ? `All requests of the last hours that anybody tells of were over mTLS: ${refuse}.`
    : `Nobody tells how it is spoken to: once all its callers are in the mesh, ${refuse}.`;
}

/** Steps into or out of the mesh since the look before. */
function moved(
  services: readonly KnownService[],
  phases: Map<string, MigrationPhase>,
  now: EpochSeconds,
): readonly MeshEvent[] {
  return services.flatMap(({ id, actual, mesh }) => {
    if (actual === undefined) return [];
    const key = serviceKey(id);
    const before = phases.get(key);
    phases.set(key, actual);
    if (before === undefined || before === actual) return [];
    const facts = { before, phase: actual, ...(mesh !== undefined && { mesh }) };
    const summary = `${id.name} went from ${migrationPhaseNames[before]} to ${migrationPhaseNames[actual]}`;
    return [{ kind: 'migration', at: now, service: id, summary, facts }];
  });
}

function idOf(key: string): ServiceId {
  return parseServiceKey(key)!;
}
