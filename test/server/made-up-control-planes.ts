import type { ControlPlaneState } from '../../src/controlplane/control-plane-state.js';
import type { ControlPlaneReader } from '../../src/server/control-plane-routes.js';
import { noon } from './made-up-reader.js';

/** An Istio with a bit of everything that can be told. */
export const madeUpIstio: ControlPlaneState = {
  name: 'istio-berlin',
  kind: 'istio',
  title: 'Istio',
  cluster: 'berlin',
  owner: 'team-platform',
  lookedAt: noon,
  lookSeconds: 0.25,
  troubles: ['the name istiod.istio-system.svc cannot be looked up: ENOTFOUND'],
  instances: [
    {
      address: '10.0.0.1:15014',
      health: 'up',
      trouble: undefined,
      version: '1.24.3',
      uptimeSeconds: 86_400,
      proxies: 17,
      memoryBytes: 120_000_000,
      processors: 0.12,
    },
    {
      address: '10.0.0.2:15014',
      health: 'down',
      trouble: 'connection refused',
      version: undefined,
      uptimeSeconds: undefined,
      proxies: undefined,
      memoryBytes: undefined,
      processors: undefined,
    },
  ],
  sync: {
    told: {
      proxies: [
        { type: 'sidecar', status: 'synced', count: 15 },
        { type: 'sidecar', status: 'out-of-sync', count: 2 },
        { type: 'sidecar', status: 'not-sent', count: 1 },
        { type: 'sidecar', status: 'unknown', count: 3 },
      ],
      behind: [{ owner: 'team-shop', type: 'sidecar', status: 'out-of-sync', count: 2 }],
    },
  },
  versions: {
    told: {
      controlPlane: ['1.24.3'],
      wanted: '1.24.3',
      proxies: [
        { version: '1.24.3', count: 14 },
        { version: '1.23.5', count: 3 },
      ],
      drifting: [{ owner: undefined, version: '1.23.5', count: 3 }],
    },
  },
  certificates: {
    told: [
      {
        name: 'root',
        of: 'control-plane',
        owner: 'team-platform',
        secondsLeft: 864_000,
        neededSeconds: 1_209_600,
        isInWholeDays: false,
        example: undefined,
      },
      {
        name: 'workload',
        of: 'workload',
        owner: 'team-shop',
        secondsLeft: -60,
        neededSeconds: 3600,
        isInWholeDays: false,
        example: 'shop/cart-1',
      },
    ],
  },
  pushes: {
    told: {
      p50Seconds: 0.05,
      p99Seconds: 0.4,
      meanSeconds: undefined,
      pushesPerSecond: 3.5,
      rejects: 1,
      failures: 0,
      certificateErrors: undefined,
    },
  },
  differences: { told: ['the number of services'] },
  warming: { untold: 'no addresses of proxies are configured (control_planes: proxies)' },
};

/** A registry whose changes one Envoy learns. */
export const madeUpRegistrySync = {
  registry: 'consul dc1',
  changes: 12,
  p50Seconds: 4,
  p99Seconds: 113.52499985694885,
  errorSeconds: 12.25,
};

export const madeUpControlPlanes: ControlPlaneReader = { count: 2, states: () => [madeUpIstio] };
