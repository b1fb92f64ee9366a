import type { SeenInstance } from '../control-plane-probe.js';
import type { InstanceFacts } from '../differences.js';
import type { Dated } from '../endpoint-client.js';
import type { InstanceLook } from '../instance-watch.js';
import type { MetricValues } from '../metric-values.js';
import { istiodVersion } from './istiod-metrics.js';
import type { Syncz } from './syncz.js';

/** `/debug/syncz` of one istiod; undefined for what is no such list. */
export type SynczAnswer = Dated<Syncz | undefined>;

/** One look at one istiod. */
export type IstiodLook = InstanceLook<SynczAnswer>;

/** One whose metrics could be read. */
export type ReadIstiod = IstiodLook & { readonly values: MetricValues };

/** What an istiod tells of itself. */
export function ownOf({ values, grown, grownSeconds, told }: IstiodLook): SeenInstance['own'] {
  if (!values) return {};
  const processorSeconds = grown?.get('processor seconds');
  return {
    version: istiodVersion(values),
    uptimeSeconds: values.sum('istiod_uptime_seconds'),
    proxies: values.sum('pilot_xds') ?? told?.value?.rows.length,
    memoryBytes: values.sum('process_resident_memory_bytes'),
    processors: processorSeconds === undefined || grownSeconds <= 0 ? undefined : processorSeconds / grownSeconds,
  };
}

/** What all istiods of a control plane should tell alike. */
export function factsOf({ client, values }: ReadIstiod): InstanceFacts {
  const facts = new Map<string, string>();
  const services = values.sum('pilot_services');
  const virtualServices = values.sum('pilot_virt_services');
  if (services !== undefined) facts.set('the number of services', String(services));
  if (virtualServices !== undefined) facts.set('the number of virtual services', String(virtualServices));
  return { address: client.address, facts };
}
