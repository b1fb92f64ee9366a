import type { Config } from '../../config/config.js';
import { isMeasurable, measuredBy } from '../../config/measurable.js';
import { SloCatalogue } from '../../config/slo-catalogue.js';
import type { AlertPolicy } from '../../domain/alert-policy.js';
import type { Indicator, Perspective, RequestFilter } from '../../domain/slo.js';
import { summedSeconds, usualAlerts } from '../../domain/slo.js';
import type { SignalPack } from '../../packs/signal-pack.js';

/** An SLO that rules will be made for, and what people call it: `latency of tier critical`, `latency of shop/cart`. */
export interface NeededSlo {
  readonly name: string;
  readonly indicator: Indicator;
  readonly perspective: Perspective;
  readonly filter: RequestFilter;
  readonly objective: number;
  readonly windowSeconds: number;
  readonly policy: AlertPolicy;
  /** Whether its policy may page. */
  readonly pages: boolean;
}

/** What rules need of the metrics of one mesh. */
export interface MeshNeeds {
  readonly pack: SignalPack;
  readonly slos: readonly NeededSlo[];
}

/** The SLOs of a configuration by the mesh that has to measure them: those of the tiers in use, and those of files. */
export function liveNeeds(config: Config): readonly MeshNeeds[] {
  const all = [...tierSlos(config), ...fileSlos(config)];
  return [...config.slos.meshes.values()].map((pack) => ({
    pack,
    slos: all
      .filter(({ mesh, slo }) => (mesh === undefined || mesh === pack.name) && isForRulesOf(pack, slo))
      .map(({ slo }) => slo),
  }));
}

/** Minutes of proxies are counted by meshslo alone. */
function isForRulesOf(pack: SignalPack, slo: NeededSlo): boolean {
  return isMeasurable(pack, slo) && measuredBy(pack, slo.indicator).kind !== 'latency-windows';
}

interface Placed {
  readonly mesh: string | undefined;
  readonly slo: NeededSlo;
}

function tierSlos({ slos: rules, policies }: Config): readonly Placed[] {
  const files = [...rules.services.values()].flat();
  const tiers = new Set([
    rules.defaultTier,
    ...rules.tierRules.map(({ gives }) => gives),
    ...files.flatMap(({ tier }) => tier ?? []),
  ]);
  return [...tiers].flatMap((tier) =>
    [...(rules.tiers.get(tier) ?? [])].flatMap(([name, { perspective = 'server', alerts, ...terms }]) => {
      const windowSeconds = summedSeconds(terms);
      if (windowSeconds === undefined) return [];
      const slo = {
        ...terms,
        name: `${name} of tier ${tier}`,
        perspective,
        windowSeconds,
        policy: policies.get(alerts.policy ?? usualAlerts.policy)!,
        pages: alerts.pages ?? usualAlerts.pages,
      };
      return [{ mesh: undefined, slo }];
    }),
  );
}

function fileSlos({ slos: rules, policies }: Config): readonly Placed[] {
  const catalogue = new SloCatalogue(rules);
  for (const { cluster, namespace, name } of [...rules.services.values()].flat()) {
    for (const at of cluster === undefined ? rules.clusters : [cluster]) {
      catalogue.meet({ cluster: at, namespace, name }, 'server', undefined);
    }
  }
  return catalogue
    .all()
    .filter(({ origin }) => origin === 'file')
    .flatMap((one) => {
      const { service, name, mesh, indicator, perspective, filter, objective, alerts } = one;
      const windowSeconds = summedSeconds(one);
      if (windowSeconds === undefined) return [];
      const slo = {
        name: `${name} of ${service.namespace}/${service.name}`,
        indicator,
        perspective,
        filter,
        objective,
        windowSeconds,
        policy: policies.get(alerts.policy)!,
        pages: alerts.pages,
      };
      return [{ mesh, slo }];
    });
}
