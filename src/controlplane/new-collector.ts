import type { ControlPlaneCollector } from './collector.js';
import type { CollectorParts } from './collector-parts.js';
import { ConsulProbe } from './consul/consul-probe.js';
import type { ControlPlaneProbe } from './control-plane-probe.js';
import { EnvoyControlProbe } from './envoy-control/envoy-control-probe.js';
import { IstioProbe } from './istio/istio-probe.js';
import { Linkerd1Probe } from './linkerd1/linkerd1-probe.js';
import { Linkerd2Probe } from './linkerd2/linkerd2-probe.js';
import { ProbingCollector } from './probing-collector.js';

/** The collector for the kind of control plane that the settings name. */
export function newCollector(parts: CollectorParts): ControlPlaneCollector {
  return new ProbingCollector(parts, probeFor(parts));
}

function probeFor(parts: CollectorParts): ControlPlaneProbe {
  switch (parts.settings.kind) {
    case 'istio':
      return new IstioProbe(parts);
    case 'envoy-control':
      return new EnvoyControlProbe(parts);
    case 'linkerd2':
      return new Linkerd2Probe(parts);
    case 'linkerd1':
      return new Linkerd1Probe(parts);
    case 'consul':
      return new ConsulProbe(parts);
  }
}
