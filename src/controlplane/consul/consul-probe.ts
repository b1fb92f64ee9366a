import { type Answer, type Judgement, unanswered, untold } from '../answer.js';
import { certificateAnswer, type ToldCertificate } from '../certificate-answer.js';
import { type CollectorParts, instancesOf, scopeOf } from '../collector-parts.js';
import type { ControlPlaneProbe, ControlPlaneSight } from '../control-plane-probe.js';
import type { CertificateState } from '../control-plane-state.js';
import { differenceAnswer, Differences, type InstanceFacts } from '../differences.js';
import type { EndpointClient } from '../endpoint-client.js';
import type { EndpointSet } from '../endpoint-set.js';
import { leaderless } from '../findings/instance-findings.js';
import type { Scope } from '../findings/scope.js';
import { HeldFor } from '../held-for.js';
import { type InstanceLook, InstanceWatch } from '../instance-watch.js';

const certificateNames = [
  ['root', 'consul_mesh_active_root_ca_expiry'],
  ['signing', 'consul_mesh_active_signing_ca_expiry'],
  ['agent', 'consul_agent_tls_cert_expiry'],
] as const;

const disagreeAction =
  'A server that names another leader is cut off from the others: see its network before anything else.';

/** Asks the servers of a Consul data centre: who leads, how long certificates last, how many Envoys are connected. */
export class ConsulProbe implements ControlPlaneProbe {
  readonly sets: readonly EndpointSet[];
  readonly #parts: CollectorParts;
  readonly #scope: Scope;
  readonly #servers: InstanceWatch<string>;
  readonly #differences: Differences;
  readonly #leaderless = new HeldFor();

  constructor(parts: CollectorParts) {
    const { settings, pack, clock } = parts;
    const servers = instancesOf(parts);
    this.#parts = parts;
    this.#scope = scopeOf(parts);
    this.sets = [servers];
    const metricsPath = `${pack.target.path}?format=prometheus`;
    this.#servers = new InstanceWatch(servers, { metricsPath, counters: () => new Map(), ask: leaderOf }, clock);
    this.#differences = new Differences(settings.thresholds.disagreeSeconds);
  }

  howToAsk(): string {
    return 'Name a file with an ACL token that has agent:read under control_planes: instances: authorization: bearer_token_file.';
  }

  async look(): Promise<ControlPlaneSight> {
    const { pack, clock } = this.#parts;
    const looks = await this.#servers.look();
    const leaders = looks.flatMap(({ client, told }): readonly InstanceFacts[] =>
      told === undefined
        ? []
        : [{ address: client.address, facts: new Map([['the leader', told === '' ? 'none' : told]]) }],
    );
    const differences = this.#differences.look(leaders, clock.monotonic());
    return {
      instances: looks.map((look) => ({
        look,
        own: {
          proxies: look.values?.sum('consul_xds_server_streams'),
          memoryBytes: look.values?.sum('consul_runtime_alloc_bytes'),
        },
      })),
      sync: untold(pack, 'sync'),
      versions: untold(pack, 'version-drift'),
      certificates: this.#certificatesOf(looks),
      pushes: untold(pack, 'push-latency'),
      differences:
        leaders.length > 0
          ? differenceAnswer(this.#scope, differences, disagreeAction)
          : unanswered('no server answers'),
      warming: untold(pack, 'warming'),
      more: [this.#leader(looks)],
    };
  }

  /** An election takes seconds. */
  #leader(looks: readonly InstanceLook<string>[]): Judgement {
    const { clock, settings } = this.#parts;
    const told = looks.flatMap((look) => look.told ?? []);
    const isLeaderless = told.length > 0 && told.every((leader) => leader === '');
    this.#leaderless.look(clock.monotonic(), isLeaderless ? ['leader'] : []);
    const seconds = this.#leaderless.seconds('leader', clock.monotonic());
    const isShort = seconds < settings.intervalSeconds;
    return { findings: isShort ? [] : [leaderless(this.#scope, clock.now() - seconds)], judged: [] };
  }

  #certificatesOf(looks: readonly InstanceLook<string>[]): Answer<readonly CertificateState[]> {
    const { settings, clock } = this.#parts;
    const read = looks.filter(({ values }) => values);
    if (read.length === 0) return unanswered('no server tells its metrics');
    const certificates = firstOfEach(read.flatMap((one) => certificatesOf(one, this.#scope)));
    const { thresholds } = settings;
    // Of roots the leader alone tells.
    const isWhole = looks.some(({ told }) => told !== undefined && told !== '');
    return certificateAnswer(this.#scope, certificates, { thresholds, now: clock.now(), isWhole });
  }
}

async function leaderOf(client: EndpointClient): Promise<string> {
  const { value } = await client.json('/v1/status/leader');
  return typeof value === 'string' ? value : '';
}

function certificatesOf({ values, client }: InstanceLook<string>, { owner }: Scope): readonly ToldCertificate[] {
  return certificateNames.flatMap(([name, metric]) => {
    const secondsLeft = values!.sum(metric);
    return secondsLeft === undefined
      ? []
      : [{ name, of: 'control-plane', owner, secondsLeft, example: client.address }];
  });
}

/** Of each name the one that ends first: all servers tell of the same roots. */
function firstOfEach(certificates: readonly ToldCertificate[]): readonly ToldCertificate[] {
  const first = new Map<string, ToldCertificate>();
  for (const one of certificates) {
    const known = first.get(one.name);
    if (!known || one.secondsLeft < known.secondsLeft) first.set(one.name, one);
  }
  return [...first.values()];
}
