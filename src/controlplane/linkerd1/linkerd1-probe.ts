import { Failure } from '../../domain/failure.js';
import { type Answer, unanswered, untold } from '../answer.js';
import { type CollectorParts, instancesOf, othersOf, scopeOf } from '../collector-parts.js';
import type { ControlPlaneProbe, ControlPlaneSight, SeenInstance } from '../control-plane-probe.js';
import type { SyncState } from '../control-plane-state.js';
import { differenceAnswer, Differences } from '../differences.js';
import type { EndpointClient } from '../endpoint-client.js';
import type { EndpointSet } from '../endpoint-set.js';
import { ownedProxy } from '../findings/proxy-findings.js';
import type { Scope } from '../findings/scope.js';
import { type InstanceLook, InstanceWatch, isRefusal, refusalFindings } from '../instance-watch.js';
import type { ProxyName } from '../proxy-book.js';
import { type ComparedProxy, ProxyLag } from '../proxy-lag.js';
import { ProxyWatch, type WatchedProxy } from '../proxy-watch.js';
import { aboutSilentInstances, aboutSilentProxies } from '../silence.js';
import { silentSidecars, type StandingProxy, syncAnswer } from '../sync-answer.js';
import { someOf, type UnreadSync } from '../sync-reading.js';
import { type NameState, readClientState } from './namerd-answers.js';
import { AddressBook, askDtabs, type DtabLook, type ToldAddresses } from './namerd-questions.js';

type ClientState = ReadonlyMap<string, NameState>;
type Linkerd = WatchedProxy<ClientState>;

const disagreeAction = 'A Namerd with another dtab has lost its store: see its log, then restart it.';

/** Asks Namerd and its Linkerds: whether the Namerds agree, and whether Linkerds balance over the addresses that these know. */
export class Linkerd1Probe implements ControlPlaneProbe {
  readonly sets: readonly EndpointSet[];
  readonly #parts: CollectorParts;
  readonly #scope: Scope;
  readonly #controllers: EndpointSet;
  readonly #namerds: InstanceWatch<true>;
  readonly #linkerds: ProxyWatch<ClientState>;
  readonly #differences: Differences;
  readonly #lag: ProxyLag;
  readonly #addresses: AddressBook;

  constructor(parts: CollectorParts) {
    const { settings, pack, clock } = parts;
    const { cluster, intervalSeconds, thresholds } = settings;
    const [namerds, linkerds] = [instancesOf(parts), othersOf(parts, 'proxies', 9990)];
    this.#parts = parts;
    this.#scope = scopeOf(parts);
    this.#controllers = othersOf(parts, 'controllers', 4180);
    this.sets = [namerds, this.#controllers, linkerds];
    const own = { metricsPath: pack.target.path, counters: () => new Map<string, number>(), ask: undefined };
    this.#namerds = new InstanceWatch<true>(namerds, own, clock);
    const questions = { metricsPath: pack.target.path, names: ['jvm:uptime'], more: askLinkerd };
    this.#linkerds = new ProxyWatch({ set: linkerds, questions, cluster, intervalSeconds, clock });
    this.#differences = new Differences(thresholds.disagreeSeconds);
    this.#lag = new ProxyLag(thresholds.outOfSyncSeconds);
    this.#addresses = new AddressBook(settings.namespaces[0]!, intervalSeconds / 4);
  }

  howToAsk(): string {
    return 'Let meshslo through to the administration of Namerd (9991) and to its HTTP interface (4180). Name a token, if whatever stands before them wants one, under control_planes: instances or controllers: authorization.';
  }

  async look(): Promise<ControlPlaneSight> {
    const { pack, settings, clock, book } = this.#parts;
    await this.#controllers.refresh();
    const { clients } = this.#controllers;
    const [looks, dtabs] = await Promise.all([
      this.#namerds.look(),
      askDtabs(clients, settings.namespaces),
      this.#linkerds.look(),
    ]);
    const names = new Set(this.#linkerds.proxies.flatMap(({ more }) => [...more.keys()]));
    const wanted = await this.#addresses.ask(clients, names);
    const compared = this.#linkerds.proxies.map((proxy) => comparedWith(proxy, wanted));
    const unknown = compared.filter(({ basis }) => basis === 'unknown').map(({ proxy }) => proxy);
    const unheard = [...this.#linkerds.silent, ...unknown];
    const told = dtabs.filter(({ facts }) => facts.size > 0);
    const differences = this.#differences.look(told, clock.monotonic());
    return {
      instances: looks.map((look) => ({ look, own: ownOf(look) })),
      sync: this.#syncOf(compared, unheard),
      unreadSync: this.#unreadOf(compared, dtabs),
      versions: untold(pack, 'version-drift'),
      certificates: untold(pack, 'certificate-expiry'),
      pushes: untold(pack, 'push-latency'),
      differences:
        told.length > 0
          ? differenceAnswer(this.#scope, differences, disagreeAction)
          : unanswered('no controller answers'),
      warming: untold(pack, 'warming'),
      more: [{ findings: this.#refusals(dtabs), judged: [] }],
      unseen: [
        aboutSilentProxies(unheard, book, ['SidecarOutOfSync']),
        aboutSilentInstances(dtabs.filter(({ failure }) => failure).map(({ address }) => address)),
      ],
    };
  }

  #syncOf(compared: readonly ComparedProxy<Linkerd>[], unheard: readonly ProxyName[]): Answer<SyncState> {
    const { clock, book } = this.#parts;
    const standing = this.#lag
      .look(compared, unheard, clock.monotonic())
      .map(({ proxy, status, behind, behindSeconds }): StandingProxy => ({
        proxy: this.#owned(proxy),
        type: 'sidecar',
        ...{ status, behindSeconds, error: undefined, at: 'Namerd' },
        behind:
          behind.length > 5 ? [`addresses of ${behind.length} names`] : behind.map((name) => `addresses of ${name}`),
      }));
    const silent = silentSidecars(this.#linkerds.silent, book);
    const isTold = compared.some(({ basis }) => basis !== 'unknown');
    const judged = this.#linkerds.isTold ? (['SidecarOutOfSync'] as const) : [];
    const answer = syncAnswer(this.#scope, [...standing, ...silent], { now: clock.now(), judged });
    const why = 'neither addresses of Linkerds nor controllers of Namerd answer (control_planes: proxies, controllers)';
    return isTold ? answer : { ...answer, told: { untold: why } };
  }

  /** Whose interfaces nobody has named is not asked; who refuses is told about elsewhere. */
  #unreadOf(compared: readonly ComparedProxy<Linkerd>[], dtabs: readonly DtabLook[]): UnreadSync | undefined {
    const { proxies, controllers } = this.#parts.settings;
    const isAsked = proxies.targets.length > 0 && controllers.targets.length > 0;
    if (!isAsked || dtabs.some(({ failure }) => isRefusal(failure))) return undefined;
    if (compared.some(({ basis }) => basis !== 'unknown')) return undefined;
    const { silent } = this.#linkerds;
    if (compared.length > 0)
      return {
        where: dtabs.length > 0 ? someOf(dtabs.map(({ address }) => address)) : 'no known address',
        trouble: dtabs.find(({ failure }) => failure)?.failure?.message ?? 'Namerd tells no addresses (/api/1/addr)',
        action:
          'Ask the HTTP interface of Namerd (4180) for /api/1/addr yourself, and see what control_planes: controllers and namespaces name. Until then no stale Linkerd is found.',
      };
    if (silent.length === 0) return undefined;
    return {
      where: someOf(silent.map(({ pod }) => pod)),
      trouble: 'no Linkerd answers at its administration port',
      action:
        'Let meshslo through to GET /client_state.json of Linkerds (control_planes: proxies). Until then no stale Linkerd is found.',
    };
  }

  /** A Linkerd of a node is nobody's but the platform's. */
  #owned(proxy: ProxyName) {
    const owned = ownedProxy(proxy, this.#parts.book);
    return { ...owned, owner: owned.owner ?? this.#scope.owner };
  }

  #refusals(dtabs: readonly DtabLook[]) {
    const refusals = dtabs.flatMap(({ address, failure }) =>
      failure && isRefusal(failure) ? [{ address, failure }] : [],
    );
    return refusalFindings(this.#scope, refusals, () => this.howToAsk());
  }
}

/** A Linkerd against what Namerd knows of the names that it has bound. */
function comparedWith(proxy: Linkerd, { known, asked }: ToldAddresses): ComparedProxy<Linkerd> {
  const told = [...proxy.more].filter(([name]) => known.has(name));
  const lacking = told.flatMap(([what, has]) => (known.get(what) === has || has === 'pending' ? [] : [{ what, has }]));
  const basis = told.length > 0 ? 'compared' : proxy.more.size === 0 ? 'not-sent' : 'unknown';
  const unseen = new Set([...proxy.more.keys()].filter((name) => !asked.has(name)));
  return { proxy, basis, lacking, unseen, refused: [] };
}

function ownOf({ values }: InstanceLook<true>): SeenInstance['own'] {
  const uptimeMilliseconds = values?.sum('jvm:uptime');
  return {
    memoryBytes: values?.sum('jvm:heap:used'),
    uptimeSeconds: uptimeMilliseconds === undefined ? undefined : uptimeMilliseconds / 1000,
  };
}

async function askLinkerd(client: EndpointClient): Promise<ClientState> {
  const state = readClientState((await client.json('/client_state.json')).value);
  if (!state) throw new Failure('body-malformed', '/client_state.json is not what Linkerd answers');
  return state;
}
