import type { ControlPlaneCollector } from './collector.js';
import type { CollectorParts } from './collector-parts.js';
import { ConsulCollector } from './consul/consul-collector.js';
import { EnvoyControlCollector } from './envoy-control/envoy-control-collector.js';
import { IstioCollector } from './istio/istio-collector.js';
import { Linkerd1Collector } from './linkerd1/linkerd1-collector.js';
import { Linkerd2Collector } from './linkerd2/linkerd2-collector.js';

/** The collector for the kind of control plane that the settings name. */
export function newCollector(parts: CollectorParts): ControlPlaneCollector {
  switch (parts.settings.kind) {
    case 'istio':
      return new IstioCollector(parts);
    case 'envoy-control':
      return new EnvoyControlCollector(parts);
    case 'linkerd2':
      return new Linkerd2Collector(parts);
    case 'linkerd1':
      return new Linkerd1Collector(parts);
    case 'consul':
      return new ConsulCollector(parts);
  }
}
