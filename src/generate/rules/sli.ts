import { encodePart } from '../../domain/service-id.js';
import { formatDuration } from '../../domain/duration.js';
import type { Slo } from '../../domain/slo.js';

/** What is counted, without the service for which it is: SLOs of the same SLI share their recorded events. */
export type Sli = Pick<Slo, 'perspective' | 'indicator' | 'filter'> & { readonly mesh: string };

/** The SLI of an SLO; undefined while nobody knows the mesh of its service, and for minutes of proxies, which no rule counts. */
export function sliOf({ mesh, perspective, indicator, filter }: Slo): Sli | undefined {
  const isCounted = mesh !== undefined && indicator.kind !== 'latency-windows';
  return isCounted ? { mesh, perspective, indicator, filter } : undefined;
}

/**
 * The value of the label `sli`: `istio/server`, `istio/server/1s` for latency, `istio/server/caller=web` for a filter. The
 * same for the same SLI and for no other.
 */
export function sliName({ mesh, perspective, indicator, filter }: Sli): string {
  const threshold = indicator.kind === 'availability' ? [] : [formatDuration(indicator.thresholdSeconds)];
  const facts = (['caller', 'version', 'method'] as const).flatMap((fact) => {
    const wanted = filter[fact];
    return wanted === undefined ? [] : [`${fact}=${encodePart(wanted)}`];
  });
  return [encodePart(mesh), perspective, ...threshold, ...facts].join('/');
}

/** The SLIs of SLOs, each once, by name. */
export function distinctSlis(slos: readonly Slo[]): readonly Sli[] {
  const byName = new Map(slos.flatMap((slo) => sliOf(slo) ?? []).map((sli) => [sliName(sli), sli]));
  return [...byName.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sli]) => sli);
}
