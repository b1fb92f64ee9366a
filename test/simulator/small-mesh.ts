import { evenCurve, type EdgeModel, type MeshModel, type ServiceModel } from '../../src/simulator/mesh-model.js';

/** A service of two pods in the namespace `shop`, unless said otherwise. */
export function smallService(name: string, own: Partial<ServiceModel> = {}): ServiceModel {
  return {
    name,
    namespace: 'shop',
    app: name,
    protocol: 'http',
    proxied: true,
    versions: [{ version: 'v1', replicas: 2 }],
    latency: { medianMs: 20, spread: 0.6 },
    requestBytes: 820,
    responseBytes: 2300,
    ...own,
  };
}

/** Ten even requests a second that all end well, unless said otherwise. */
export function smallEdge(source: string | undefined, destination: string, own: Partial<EdgeModel> = {}): EdgeModel {
  return { source, destination, requestsPerSecond: 10, curve: evenCurve, shares: {}, degradations: [], ...own };
}

/** `web` calls `cart`, and `cart` is all there is to look at; bodies are small. */
export function smallMesh(edge: Partial<EdgeModel> = {}, own: Partial<MeshModel> = {}): MeshModel {
  return {
    istioVersion: '1.24.3',
    clusterId: 'Kubernetes',
    fillerClusters: 0,
    services: [smallService('web'), smallService('cart')],
    edges: [smallEdge('shop/web', 'shop/cart', edge)],
    ...own,
  };
}

/** Every way to end, each often enough to be seen in a minute. */
export const everyTrouble: EdgeModel['shares'] = {
  'not-found': 0.05,
  'server-error': 0.05,
  unavailable: 0.03,
  'no-response': 0.03,
  'abort-fast': 0.05,
  'abort-long': 0.03,
  timeout: 0.03,
  'connect-failure': 0.02,
  'no-healthy-upstream': 0.02,
  'circuit-breaker': 0.02,
  'no-route': 0.02,
  'no-cluster': 0.02,
  'dns-failure': 0.02,
};
