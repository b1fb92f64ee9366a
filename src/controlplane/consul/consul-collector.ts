import type { FindingKind } from '../../domain/finding-kinds.js';
import type { Look } from '../../domain/finding-source.js';
import type { ControlPlaneCollector } from '../collector.js';
import { type CollectorParts, instancesOf, scopeOf } from '../collector-parts.js';
import { interruptible } from '../control-plane-look.js';
import type { CertificateState, ControlPlaneState } from '../control-plane-state.js';
import { Differences } from '../differences.js';
import { endingCertificates } from '../ending-certificates.js';
import type { EndpointClient } from '../endpoint-client.js';
import type { EndpointSet } from '../endpoint-set.js';
import { controlPlaneDown, controlPlaneForbidden, instancesDisagree } from '../findings/instance-findings.js';
import type { Scope } from '../findings/scope.js';
import { HeldFor } from '../held-for.js';
import { downFindings, type InstanceLook, instanceState, InstanceWatch, isRefusal } from '../instance-watch.js';
import { untold } from '../untold.js';

const certificateNames = [
  ['root', 'consul_mesh_active_root_ca_expiry'],
  ['signing', 'consul_mesh_active_signing_ca_expiry'],
  ['agent', 'consul_agent_tls_cert_expiry'],
] as const;

/** Looks at the servers of a Consul data centre: who leads, how long its certificates last, how many Envoys are connected. */
export class ConsulCollector implements ControlPlaneCollector {
  readonly name: string;
  readonly everySeconds: number;
  readonly #parts: CollectorParts;
  readonly #scope: Scope;
  readonly #instances: EndpointSet;
  readonly #watch: InstanceWatch<string>;
  readonly #differences: Differences;
  readonly #leaderless = new HeldFor();
  #state: ControlPlaneState | undefined;

  constructor(parts: CollectorParts) {
    const { settings, pack, clock } = parts;
    const { name, intervalSeconds, thresholds } = settings;
    this.name = `control plane ${name}`;
    this.everySeconds = intervalSeconds;
    this.#parts = parts;
    this.#scope = scopeOf(parts);
    this.#instances = instancesOf(parts);
    const metricsPath = `${pack.target.path}?format=prometheus`;
    this.#watch = new InstanceWatch(this.#instances, { metricsPath, counters: () => new Map(), ask: leaderOf }, clock);
    this.#differences = new Differences(thresholds.disagreeSeconds);
  }

  get state(): ControlPlaneState | undefined {
    return this.#state;
  }

  close(): void {
    this.#instances.close();
  }

  async look(signal: AbortSignal): Promise<Look> {
    const began = this.#parts.clock.monotonic();
    return interruptible(signal, [this.#instances], async () => this.#conclude(await this.#watch.look(), began));
  }

  #conclude(looks: readonly InstanceLook<string>[], began: number): Look {
    const { clock, settings, pack } = this.#parts;
    const [now, monotonic] = [clock.now(), clock.monotonic()];
    const told = looks.filter((one) => one.told !== undefined);
    const read = looks.filter(({ values }) => values);
    const facts = told.map(({ client, told: leader }) => ({
      address: client.address,
      facts: new Map([['the leader', leader === '' ? 'none' : leader!]]),
    }));
    const differences = this.#differences.look(facts, monotonic);
    const isLeaderless = told.length > 0 && told.every((one) => one.told === '');
    this.#leaderless.look(monotonic, isLeaderless ? ['leader'] : []);
    // An election takes seconds.
    const lacksLeader = this.#leaderless.seconds('leader', monotonic) >= settings.intervalSeconds;
    const certificates = read.flatMap((one) => certificatesOf(one, this.#scope));
    const refused = looks.filter(({ failures }) => isRefusal(failures.metrics));
    const troubles = this.#instances.troubles;
    this.#state = {
      ...this.#scope,
      lookedAt: now,
      lookSeconds: clock.monotonic() - began,
      troubles: troubles.map(({ message }) => message),
      instances: looks.map((look) =>
        instanceState(look, {
          proxies: look.values?.sum('consul_xds_server_streams'),
          memoryBytes: look.values?.sum('consul_runtime_alloc_bytes'),
        }),
      ),
      sync: untold(pack, 'sync'),
      versions: untold(pack, 'version-drift'),
      certificates: read.length > 0 ? { told: firstOfEach(certificates) } : { untold: 'no server tells its metrics' },
      pushes: untold(pack, 'push-latency'),
      differences: told.length > 0 ? { told: differences.map(({ what }) => what) } : { untold: 'no server answers' },
      warming: untold(pack, 'warming'),
    };
    const judged: FindingKind[] = ['ControlPlaneDown'];
    if (told.length > 0) judged.push('InstancesDisagree');
    if (read.length > 0) judged.push('CertificateExpiring', 'ControlPlaneForbidden');
    return {
      judged,
      events: [],
      findings: [
        ...downFindings(this.#scope, looks, { troubles, now }),
        ...(lacksLeader
          ? [controlPlaneDown(this.#scope, { address: 'leader', trouble: 'no server leads', since: now })]
          : []),
        ...(refused.length > 0
          ? [
              controlPlaneForbidden(this.#scope, {
                addresses: refused.map(({ client }) => client.address),
                trouble: refused[0]!.failures.metrics!.message,
                how: 'Name a file with an ACL token that has agent:read under control_planes: instances: authorization: bearer_token_file.',
              }),
            ]
          : []),
        ...endingCertificates(this.#scope, firstOfEach(certificates), settings.thresholds, now),
        ...differences.map((one) =>
          instancesDisagree(this.#scope, {
            ...one,
            action:
              'A server that names another leader is cut off from the others: see its network before anything else.',
          }),
        ),
      ],
    };
  }
}

async function leaderOf(client: EndpointClient): Promise<string> {
  const { value } = await client.json('/v1/status/leader');
  return typeof value === 'string' ? value : '';
}

function certificatesOf({ values, client }: InstanceLook<string>, { owner }: Scope): readonly CertificateState[] {
  return certificateNames.flatMap(([name, metric]) => {
    const secondsLeft = values!.sum(metric);
    return secondsLeft === undefined
      ? []
      : [{ name, of: 'control-plane', owner, secondsLeft, example: client.address }];
  });
}

/** Of each name the one that ends first: all servers tell of the same roots. */
function firstOfEach(certificates: readonly CertificateState[]): readonly CertificateState[] {
  const first = new Map<string, CertificateState>();
  for (const one of certificates) {
    const known = first.get(one.name);
    if (!known || one.secondsLeft < known.secondsLeft) first.set(one.name, one);
  }
  return [...first.values()];
}
