import { Failure } from '../../domain/failure.js';
import type { FindingKind } from '../../domain/finding-kinds.js';
import type { Look } from '../../domain/finding-source.js';
import type { ControlPlaneCollector } from '../collector.js';
import { type CollectorParts, instancesOf, othersOf, scopeOf } from '../collector-parts.js';
import { interruptible } from '../control-plane-look.js';
import type { ControlPlaneState } from '../control-plane-state.js';
import { Differences, type InstanceFacts } from '../differences.js';
import { type EndpointClient, isAnswer } from '../endpoint-client.js';
import type { EndpointSet } from '../endpoint-set.js';
import { instancesDisagree } from '../findings/instance-findings.js';
import { ownedProxy, sidecarOutOfSync } from '../findings/proxy-findings.js';
import type { Scope } from '../findings/scope.js';
import { downFindings, type InstanceLook, instanceState, InstanceWatch } from '../instance-watch.js';
import { ProxyLag } from '../proxy-lag.js';
import { ProxyWatch } from '../proxy-watch.js';
import { syncCounts } from '../sync-counts.js';
import { untold } from '../untold.js';
import { type NameState, readAddr, readClientState, readDtab } from './namerd-answers.js';

type ClientState = ReadonlyMap<string, NameState>;

/** Names that one look asks Namerd about. */
const mostNames = 5000;

/** Looks at Namerd and its Linkerds: whether the Namerds agree, and whether Linkerds balance over the addresses that these know. */
export class Linkerd1Collector implements ControlPlaneCollector {
  readonly name: string;
  readonly everySeconds: number;
  readonly #parts: CollectorParts;
  readonly #scope: Scope;
  readonly #namerds: EndpointSet;
  readonly #controllers: EndpointSet;
  readonly #linkerds: EndpointSet;
  readonly #watch: InstanceWatch<true>;
  readonly #proxies: ProxyWatch<ClientState>;
  readonly #differences: Differences;
  readonly #lag: ProxyLag;
  #state: ControlPlaneState | undefined;

  constructor(parts: CollectorParts) {
    const { settings, pack, clock } = parts;
    const { name, cluster, intervalSeconds, thresholds } = settings;
    this.name = `control plane ${name}`;
    this.everySeconds = intervalSeconds;
    this.#parts = parts;
    this.#scope = scopeOf(parts);
    this.#namerds = instancesOf(parts);
    this.#controllers = othersOf(parts, 'controllers', 4180);
    this.#linkerds = othersOf(parts, 'proxies', 9990);
    const questions = { metricsPath: pack.target.path, counters: () => new Map<string, number>(), ask: undefined };
    this.#watch = new InstanceWatch<true>(this.#namerds, questions, clock);
    this.#proxies = new ProxyWatch({
      set: this.#linkerds,
      questions: { metricsPath: pack.target.path, names: ['jvm:uptime'], more: askLinkerd },
      cluster,
      intervalSeconds,
      clock,
    });
    this.#differences = new Differences(thresholds.disagreeSeconds);
    this.#lag = new ProxyLag(thresholds.outOfSyncSeconds);
  }

  get state(): ControlPlaneState | undefined {
    return this.#state;
  }

  close(): void {
    for (const set of [this.#namerds, this.#controllers, this.#linkerds]) set.close();
  }

  async look(signal: AbortSignal): Promise<Look> {
    const began = this.#parts.clock.monotonic();
    return interruptible(signal, [this.#namerds, this.#controllers, this.#linkerds], async () => {
      await this.#controllers.refresh();
      const [looks, dtabs] = await Promise.all([this.#watch.look(), this.#dtabs(), this.#proxies.look()]);
      const wanted = await this.#addresses();
      return this.#conclude({ looks, dtabs, wanted, began });
    });
  }

  /** The dtabs of every Namerd that answers. */
  async #dtabs(): Promise<readonly InstanceFacts[]> {
    const { namespaces } = this.#parts.settings;
    const all = await Promise.all(
      this.#controllers.clients.map(async (client) => {
        const facts = new Map<string, string>();
        for (const namespace of namespaces) {
          const dtab = await answered(client, `/api/1/dtabs/${encodeURIComponent(namespace)}`, readDtab);
          if (dtab !== undefined) facts.set(`the dtab of ${namespace}`, dtab);
        }
        return { address: client.address, facts };
      }),
    );
    return all.filter(({ facts }) => facts.size > 0);
  }

  /** What Namerd knows of each name that some Linkerd has bound; names that it does not tell are left out. */
  async #addresses(): Promise<ClientState> {
    const names = [...new Set(this.#proxies.proxies.flatMap(({ more }) => [...more.keys()]))].sort();
    const [namespace] = this.#parts.settings.namespaces;
    const known = new Map<string, NameState>();
    const answering = new Set(this.#controllers.clients);
    for (const name of names.slice(0, mostNames)) {
      const path = `/api/1/addr/${encodeURIComponent(namespace!)}?path=${encodeURIComponent(name)}`;
      const addr = await firstAnswer(answering, path);
      if (addr !== undefined) known.set(name, addr);
      if (answering.size === 0) break;
    }
    return known;
  }

  #conclude({
    looks,
    dtabs,
    wanted,
    began,
  }: {
    readonly looks: readonly InstanceLook<true>[];
    readonly dtabs: readonly InstanceFacts[];
    readonly wanted: ClientState;
    readonly began: number;
  }): Look {
    const { clock, pack, book } = this.#parts;
    const [now, monotonic] = [clock.now(), clock.monotonic()];
    const compared = this.#proxies.proxies.map((proxy) => ({
      proxy,
      isRefusing: false,
      lacking: [...proxy.more].flatMap(([what, has]) => {
        const should = wanted.get(what);
        return should === undefined || should === has || has === 'pending' ? [] : [{ what, has }];
      }),
    }));
    const lagging = this.#lag.look(compared, monotonic).map((one) => {
      const owned = ownedProxy(one.proxy, book);
      // A Linkerd of a node is nobody's but the platform's.
      return { ...one, owned: { ...owned, owner: owned.owner ?? this.#scope.owner } };
    });
    const differences = this.#differences.look(dtabs, monotonic);
    const isTold = wanted.size > 0 || (dtabs.length > 0 && this.#proxies.proxies.length > 0);
    const troubles = [...this.#namerds.troubles, ...this.#controllers.troubles, ...this.#linkerds.troubles];
    this.#state = {
      ...this.#scope,
      lookedAt: now,
      lookSeconds: clock.monotonic() - began,
      troubles: troubles.map(({ message }) => message),
      instances: looks.map((look) =>
        instanceState(look, {
          memoryBytes: look.values?.sum('jvm:heap:used'),
          uptimeSeconds: inSeconds(look.values?.sum('jvm:uptime')),
        }),
      ),
      sync: isTold
        ? { told: syncCounts(lagging.map(({ status, owned }) => ({ type: 'sidecar', status, owner: owned.owner }))) }
        : {
            untold:
              'neither addresses of Linkerds nor controllers of Namerd answer (control_planes: proxies, controllers)',
          },
      versions: untold(pack, 'version-drift'),
      certificates: untold(pack, 'certificate-expiry'),
      pushes: untold(pack, 'push-latency'),
      differences:
        dtabs.length > 0 ? { told: differences.map(({ what }) => what) } : { untold: 'no controller answers' },
      warming: untold(pack, 'warming'),
    };
    const judged: FindingKind[] = ['ControlPlaneDown'];
    if (isTold) judged.push('SidecarOutOfSync');
    if (dtabs.length > 0) judged.push('InstancesDisagree');
    return {
      judged,
      events: [],
      findings: [
        ...downFindings(this.#scope, looks, { troubles, now }),
        ...lagging
          .filter(({ status }) => status === 'out-of-sync')
          .map(({ owned, behind, behindSeconds }) =>
            sidecarOutOfSync(this.#scope, owned, {
              what:
                behind.length > 5
                  ? [`addresses of ${behind.length} names`]
                  : behind.map((name) => `addresses of ${name}`),
              seconds: behindSeconds,
              since: now - behindSeconds,
              at: 'Namerd',
            }),
          ),
        ...differences.map((one) =>
          instancesDisagree(this.#scope, {
            ...one,
            action: 'A Namerd with another dtab has lost its store: see its log, then restart it.',
          }),
        ),
      ],
    };
  }
}

async function askLinkerd(client: EndpointClient): Promise<ClientState> {
  const state = readClientState((await client.json('/client_state.json')).value);
  if (!state) throw new Failure('body-malformed', '/client_state.json is not what Linkerd answers');
  return state;
}

/** What the first Namerd that has an answer says; one that is gone is not waited for by every name. */
async function firstAnswer(answering: Set<EndpointClient>, path: string): Promise<NameState | undefined> {
  for (const client of [...answering]) {
    try {
      const addr = readAddr((await client.json(path)).value);
      if (addr !== undefined) return addr;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (!isAnswer(error)) answering.delete(client);
    }
  }
  return undefined;
}

/** What is read of an answer; undefined where there is none. */
async function answered<T>(
  client: EndpointClient,
  path: string,
  read: (document: unknown) => T | undefined,
): Promise<T | undefined> {
  try {
    return read((await client.json(path)).value);
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

function inSeconds(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : milliseconds / 1000;
}
