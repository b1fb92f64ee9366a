import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the demo's parts are. */
export interface DemoPlaces {
  /** Folder that outlives the demo: configuration and ledger. */
  readonly state: string;
  readonly port: number;
  /** The simulated mesh's list of sidecars, in Prometheus' http_sd format. */
  readonly discovery: string;
  /** The same of its control plane. */
  readonly istiod: string;
}

/** Writes the configuration of the demo as a user would write theirs; returns its path. */
export function writeDemoConfig({ state, port, discovery, istiod }: DemoPlaces): string {
  mkdirSync(join(state, 'slos'), { recursive: true });
  writeFileSync(join(state, 'slos', 'checkout.yaml'), checkoutSlos);
  const file = join(state, 'meshslo.yaml');
  writeFileSync(
    file,
    `# Written by every start of the demo. Try a change while it runs: an owner, a tier, an objective in slos/checkout.yaml.
cluster: demo
listen: { address: 127.0.0.1, port: ${port} }
ledger: ledger.db
scrape:
  interval: 5s
  timeout: 4s
  jobs:
    - name: sidecars
      mesh: istio
      targets:
        - http_sd: { url: '${discovery}', refresh: 5s }
control_planes:
  - name: istio
    kind: istio
    owner: team-platform
    interval: 5s
    instances: { targets: [{ http_sd: { url: '${istiod}', refresh: 5s } }] }
    proxies: { targets: [{ http_sd: { url: '${discovery}', refresh: 5s } }] }
slos: ['slos/*.yaml']
tiers:
  - { tier: critical, namespace: payments }
  - { tier: best-effort, namespace: platform, service: notifications }
owners:
  - { owner: team-payments, namespace: payments }
  - { owner: team-shop, namespace: shop }
  - { owner: team-platform, namespace: platform }
`,
  );
  return file;
}

const checkoutSlos = `# What differs from the defaults of its tier.
service: payments/checkout
slos:
  latency: { objective: 99%, threshold: 500ms, window: { calendar: month, time_zone: Europe/Berlin } }
  from-gateway:
    objective: 99.9%
    filter: { caller: istio-ingressgateway }
    window: 28d
  steady:
    objective: 99%
    budgeting: { time_slices: 15m, slice_objective: 99% }
`;
