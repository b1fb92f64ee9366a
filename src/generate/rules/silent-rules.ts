import type { ServiceLabels, SignalPack } from '../../packs/signal-pack.js';
import { binary, call, maxBy, number } from '../../promql/expression.js';
import type { Expression } from '../../promql/expression.js';
import { tellsAge } from './growth.js';
import { namedServices, rawServiceLabels } from './named-services.js';
import type { RecordingRule } from './rule-file.js';
import type { RuleSettings } from './rule-settings.js';
import { carrier, objective, serviceLabels, silent } from './series-names.js';

/** Which target carried a service is remembered for as long as missing data is told. */
const rememberedSeconds = 86_400;

/** A target that has not answered for so long is not there. */
const answeringSeconds = 300;

/**
 * Targets that answer, and stand for a service of which nobody counts requests: there were none, and nothing is missing. Whose they are
 * say the labels of the target, else what it carried before it began again. None for a mesh whose proxies say nothing of themselves.
 *
 * @param carrying every target that counts requests of services, by service: 1
 */
export function silentRules(
  pack: SignalPack,
  carrying: readonly Expression[],
  settings: RuleSettings,
): readonly RecordingRule[] {
  if (!tellsAge(pack)) return [];
  const { targetLabels } = settings;
  const onTarget = { mode: 'on', labels: targetLabels } as const;
  const onService = { mode: 'on', labels: serviceLabels } as const;
  const busy = carrying.reduce((left, right) => binary(left, 'or', right));

  const carried = call('last_over_time', {
    kind: 'selector',
    metric: carrier,
    matchers: [{ label: 'mesh', operator: '=', value: pack.name }],
    rangeSeconds: rememberedSeconds,
  });
  const before = maxBy([...serviceLabels, ...targetLabels], carried);
  const answering = lately(pack.process.uptime?.family ?? pack.process.startTimeSeconds!, settings);
  const remembered = binary(binary(before, 'and', answering, onTarget), 'unless', busy, onTarget);

  const known = maxBy(serviceLabels, { kind: 'selector', metric: objective, matchers: [] });
  const named = namedByTarget(pack, settings).map((of) => binary(of, 'and', known, onService));
  // An address that labels give to another now is not the former's any more.
  const standing = [...named, remembered].reduce((left, right) => binary(left, 'or', right, onTarget));
  const expression = binary(maxBy([...serviceLabels, ...targetLabels], standing), 'unless', busy, onService);
  return [
    {
      record: silent,
      labels: { mesh: pack.name },
      expression: binary(binary(expression, '*', number(0)), '+', number(1)),
    },
  ];
}

/** Proxies by the service that the labels of their targets name; asked of a series that no application has, too. */
function namedByTarget(pack: SignalPack, settings: RuleSettings): readonly Expression[] {
  const { namespaceLabels, serviceLabels: names } = pack.target;
  const metric = pack.process.uptime?.family ?? pack.version?.family;
  if (metric === undefined || namespaceLabels.length === 0 || names.length === 0) return [];
  const choice = (labels: readonly string[]): ServiceLabels['name'] => ({
    labels: labels.map((label) => ({ label, where: [] })),
    unusable: [],
  });
  const service = { name: choice(names), namespace: choice(namespaceLabels), cluster: undefined };
  const raw = [...settings.targetLabels, ...rawServiceLabels(service, settings)];
  return [namedServices(maxBy(raw, lately(metric, settings)), service, settings, settings.targetLabels)];
}

function lately(metric: string, { delaySeconds }: RuleSettings): Expression {
  return call('last_over_time', {
    kind: 'selector',
    metric,
    matchers: [],
    rangeSeconds: answeringSeconds,
    offsetSeconds: delaySeconds,
  });
}
