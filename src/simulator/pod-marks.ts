type Texts = Readonly<Record<string, string>>;

/** How the pods of a mesh show in a cluster that they are in it, and their namespaces that they are to be. */
export interface PodMarks {
  readonly containers: readonly { readonly name: string; readonly image: string }[];
  readonly labels: Texts;
  readonly annotations: Texts;
  readonly namespaceLabels: Texts;
  readonly namespaceAnnotations: Texts;
}

const unmarked: PodMarks = {
  containers: [],
  labels: {},
  annotations: {},
  namespaceLabels: {},
  namespaceAnnotations: {},
};

/** The marks of a mesh, by the name that the demo knows it by; none of one on every node, or in front of a cluster. */
export function podMarks(mesh: string, istioVersion: string): PodMarks {
  switch (mesh) {
    case 'istio':
      return {
        ...unmarked,
        containers: [{ name: 'istio-proxy', image: `docker.io/istio/proxyv2:${istioVersion}` }],
        labels: { 'security.istio.io/tlsMode': 'istio' },
        annotations: { 'sidecar.istio.io/status': '{"containers":["istio-proxy"],"revision":"default"}' },
        namespaceLabels: { 'istio-injection': 'enabled' },
      };
    case 'ambient':
      return {
        ...unmarked,
        annotations: { 'ambient.istio.io/redirection': 'enabled' },
        namespaceLabels: { 'istio.io/dataplane-mode': 'ambient' },
      };
    case 'linkerd2':
      return {
        ...unmarked,
        containers: [{ name: 'linkerd-proxy', image: 'cr.l5d.io/linkerd/proxy:2.366.0' }],
        annotations: { 'linkerd.io/proxy-version': '2.366.0' },
        namespaceAnnotations: { 'linkerd.io/inject': 'enabled' },
      };
    case 'linkerd1':
      return { ...unmarked, containers: [{ name: 'l5d', image: 'docker.io/buoyantio/linkerd:1.7.5' }] };
    case 'envoy':
    case 'consul':
      return { ...unmarked, containers: [{ name: 'envoy', image: 'docker.io/envoyproxy/envoy:v1.31.0' }] };
    default:
      return unmarked;
  }
}
