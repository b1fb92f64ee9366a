import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SimulatedConsul, SimulatedControlPlane, SimulatedJob } from './simulated-mesh.js';

/** Where the demo's parts are. */
export interface DemoPlaces {
  /** Folder that outlives the demo: configuration and ledger. */
  readonly state: string;
  readonly port: number;
  readonly jobs: readonly SimulatedJob[];
  /** None for a mesh whose control plane is not simulated. */
  readonly controlPlanes: readonly SimulatedControlPlane[];
  /** The API server of its cluster; undefined where none is simulated. */
  readonly kubernetes: string | undefined;
  /** The registry of its services; undefined where there is none. */
  readonly consul: SimulatedConsul | undefined;
  /** The service catalogue that knows some owners; undefined where none is simulated. */
  readonly backstage: string | undefined;
}

/** Writes the configuration of the demo as a user would write theirs; returns its path. */
export function writeDemoConfig(places: DemoPlaces): string {
  const { state, port, jobs, controlPlanes } = places;
  const [{ pack } = { pack: '' }] = jobs;
  mkdirSync(join(state, 'slos'), { recursive: true });
  writeFileSync(join(state, 'slos', 'checkout.yaml'), checkoutSlos(pack));
  const file = join(state, 'meshslo.yaml');
  writeFileSync(
    file,
    `# Written by every start of the demo. Try a change while it runs: an owner, a tier, an objective in slos/checkout.yaml.
cluster: demo
listen: { address: 127.0.0.1, port: ${port} }
ledger: ${demoLedger}
scrape:
  interval: 5s
  timeout: 4s
  jobs:
${jobs.map(jobLines).join('')}${controlPlanes.length === 0 ? '' : `control_planes:\n${controlPlanes.map(controlPlaneLines).join('')}`}${catalogLines(pack, places)}slos: ['slos/*.yaml']
tiers:
${ruleLines('tier', hasNamespaces(pack) ? tiers : tiersByName)}owners:
${ruleLines('owner', hasNamespaces(pack) ? owners : ownersByName)}links: { page: 'http://127.0.0.1:${port}' }
alerting: { owner: team-platform }
${reportLines}`,
  );
  return file;
}

/** Name of the demo's ledger, below its folder. */
export const demoLedger = 'ledger.db';

/** Where the demo "sends" mails to, below its folder. */
export const demoOutbox = 'outbox';

/** Nobody is sent anything but a folder. */
const reportLines = `reports:
  time_zone: Europe/Berlin
  schedule: { day: monday, at: '08:00' }
  from: meshslo <meshslo@demo.example>
  transport: { folder: ${demoOutbox} }
  organisation: { to: [engineering@demo.example] }
  teams:
    - { owner: team-payments, to: payments@demo.example }
    - { owner: team-shop, to: shop@demo.example }
  default: { to: platform@demo.example }
`;

function jobLines({ job, pack, discovery }: SimulatedJob): string {
  return `    - name: ${job}
      mesh: ${pack}
      targets:
        - http_sd: { url: '${discovery}', refresh: 5s }
`;
}

/** Of proxies whose control plane does not say which version they should have. */
const wantedVersions: Readonly<Record<string, string>> = { 'envoy-control': '1.31.0' };

function controlPlaneLines({ kind, lists }: SimulatedControlPlane): string {
  const endpoints = Object.entries(lists).map(
    ([name, url]) => `    ${name}: { targets: [{ http_sd: { url: '${url}', refresh: 5s } }] }\n`,
  );
  const wanted = wantedVersions[kind] === undefined ? '' : `    wanted_version: ${wantedVersions[kind]}\n`;
  return `  - name: ${kind}
    kind: ${kind}
    owner: team-platform
    interval: 5s
${wanted}${endpoints.join('')}`;
}

/** Containers that are proxies, where Kubernetes marks no pods as being in a mesh. */
const sidecars: Readonly<Record<string, string>> = { envoy: '{ envoy: envoy }', linkerd1: '{ l5d: linkerd1 }' };

function catalogLines(pack: string, { kubernetes, consul, backstage }: DemoPlaces): string {
  if (kubernetes === undefined) return '';
  const named = Object.hasOwn(sidecars, pack) ? `, sidecars: ${sidecars[pack]!}` : '';
  return `catalog:
  kubernetes:
    - { name: demo, url: '${kubernetes}'${named} }
${consul === undefined ? '' : consulLines(consul)}${backstage === undefined ? '' : backstageLines(backstage)}`;
}

/** Whose owners no rule names. */
function backstageLines(url: string): string {
  return `  backstage:
    - { name: portal, url: '${url}', interval: 1m }
`;
}

function consulLines({ url, envoys }: SimulatedConsul): string {
  const followed = envoys.length === 0 ? '' : `, envoys: [${envoys.map((one) => `'${one}'`).join(', ')}]`;
  return `  consul:
    - { name: dc1, url: '${url}', owner: team-platform, interval: 5s${followed} }
`;
}

/** Consul, under envoy-control, knows services by their names only. */
function hasNamespaces(pack: string): boolean {
  return pack !== 'envoy';
}

type Rules = readonly (readonly [gives: string, fits: string])[];

const tiers: Rules = [
  ['critical', 'namespace: payments'],
  ['best-effort', 'namespace: platform, service: notifications'],
];
const tiersByName: Rules = [
  ['critical', 'service: checkout'],
  ['critical', 'service: ledger'],
  ['best-effort', 'service: notifications'],
];
const owners: Rules = [
  ['team-payments', 'namespace: payments'],
  ['team-shop', 'namespace: shop'],
];
const ownersByName: Rules = [
  ...['checkout', 'ledger', 'fraud-check', 'refunds'].map((name) => ['team-payments', `service: ${name}`] as const),
  ...['storefront', 'catalogue', 'search', 'cart', 'recommendations'].map(
    (name) => ['team-shop', `service: ${name}`] as const,
  ),
];

function ruleLines(gives: 'tier' | 'owner', rules: Rules): string {
  return rules.map(([name, fits]) => `  - { ${gives}: ${name}, ${fits} }\n`).join('');
}

/** Meshes whose proxies tell a server who called, and what they call the gateway. */
const gateways: Readonly<Record<string, string>> = {
  istio: 'istio-ingressgateway',
  'istio-ambient': 'gateway',
  linkerd2: 'gateway',
};

function checkoutSlos(pack: string): string {
  const fromGateway = `  from-gateway:
    objective: 99.9%
    filter: { caller: ${gateways[pack]} }
    window: 28d
`;
  return `# What differs from the defaults of its tier.
service: ${hasNamespaces(pack) ? 'payments' : 'default'}/checkout
${pack === 'istio' ? '' : `mesh: ${pack}\n`}slos:
  latency: { objective: 99%, threshold: 500ms, window: { calendar: month, time_zone: Europe/Berlin } }
${Object.hasOwn(gateways, pack) ? fromGateway : ''}  steady:
    objective: 99%
    budgeting: { time_slices: 15m, slice_objective: 99% }
`;
}
