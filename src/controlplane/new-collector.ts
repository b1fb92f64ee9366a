import type { ControlPlaneCollector } from './collector.js';
import type { CollectorParts } from './collector-parts.js';
import { IstioCollector } from './istio/istio-collector.js';

/** The collector for the kind of control plane that the settings name. */
export function newCollector(parts: CollectorParts): ControlPlaneCollector {
  switch (parts.settings.kind) {
    case 'istio':
      return new IstioCollector(parts);
    default:
      throw new RangeError(`no collector for ${parts.settings.kind}`);
  }
}
