import type { AlertName } from '../../../domain/alert-names.js';
import { alertSeverities } from '../../../domain/alert-names.js';
import { formatDuration } from '../../../domain/duration.js';
import type {
  AlertCondition,
  ControlPlaneAlert,
  ControlPlaneAlertRule,
  ControlPlaneAlertTest,
  ExampleValues,
} from '../../../packs/control-plane-alert.js';
import { alertClusterLabels } from '../control-plane-file.js';
import type { RuleSetParts } from '../rule-set.js';
import { seriesText } from './example-series.js';
import { matchersText, type Moment, type PromtoolTest } from './promtool-file.js';
import { cutAfter } from './sample-values.js';
import type { InputSeries } from './test-input.js';

/** Tests, by how often rules must be evaluated for them. */
export interface ControlPlaneTests {
  /** Of minutes. */
  readonly quick: readonly PromtoolTest[];
  /** Of more than an hour. */
  readonly slow: readonly PromtoolTest[];
}

/** Above this, a minute between evaluations would take promtool longer than all other tests. */
const quickSeconds = 3600;

type Of = ControlPlaneAlertRule['of'];

/**
 * The tests of the definitions, for control planes and registries that are configured. Where an alert fires, it ends with its series;
 * where counters ask for it, they stand still and begin anew. Without any series nothing fires.
 */
export function controlPlaneTests(parts: RuleSetParts, alerts: readonly ControlPlaneAlert[]): ControlPlaneTests {
  const placed = alerts.flatMap((alert) =>
    alert.tests.flatMap((test) => {
      const labels = placeOf(parts, test.of);
      return labels === undefined ? [] : [{ alert, test, labels }];
    }),
  );
  if (placed.length === 0) return { quick: [], slow: [] };
  const isSlow = ({ test }: (typeof placed)[number]): boolean => test.atSeconds > quickSeconds;
  const about = new Set(placed.map(({ alert }) => alert.name));
  return {
    quick: [
      ...placed.filter((one) => !isSlow(one)).map(({ alert, test, labels }) => told(alert, test, labels)),
      ...alerts.flatMap((alert) => standingStill(parts, alert)),
      {
        name: 'control planes: there are no series',
        interval: '1m',
        input_series: [],
        promql_expr_test: [...about].map((name) => firing(name, 20 * 60, false)),
      },
    ],
    slow: placed.filter(isSlow).map(({ alert, test, labels }) => ({
      name: titled(alert, test.of, test.when),
      interval: '1m',
      input_series: inputOf(test.series, labels),
      promql_expr_test: [firing(alert.name, test.atSeconds, test.fires)],
    })),
  };
}

/** Labels that series have of the first control plane or registry of a kind that has alerts; undefined where none has. */
function placeOf(
  { controlPlanes = [], registries = [], settings }: RuleSetParts,
  of: Of,
): Readonly<Record<string, string>> | undefined {
  if (of === 'finding') return {};
  if (of === 'registry') return registries[0] && { cluster: registries[0].cluster };
  if (of === 'meshslo') {
    const [first] = controlPlanes;
    return first && { control_plane: first.name, mesh: first.kind, cluster: first.cluster };
  }
  for (const { kind, cluster } of controlPlanes) {
    const labels = kind === of ? alertClusterLabels(cluster, settings) : undefined;
    if (labels !== undefined) return labels;
  }
  return undefined;
}

function told(
  alert: ControlPlaneAlert,
  { of, when, fires, atSeconds, series }: ControlPlaneAlertTest,
  labels: Readonly<Record<string, string>>,
): PromtoolTest {
  const forms = alert.rules.filter((rule) => rule.of === of).map(({ condition }) => condition);
  const ends = fires && forms.every(({ form }) => form !== 'gone');
  const looksBack = Math.max(...forms.map(lookBackSeconds));
  const input = inputOf(series, labels);
  return {
    name: titled(alert, of, ends ? `${when}, until nothing is told any more` : when),
    interval: '1m',
    input_series: ends ? input.map((one) => ({ ...one, values: cutAfter(one.values, atSeconds / 60) })) : input,
    promql_expr_test: [
      firing(alert.name, atSeconds, fires),
      ...(ends ? [firing(alert.name, atSeconds + looksBack + 120, false)] : []),
    ],
  };
}

/** For every kind whose counters an alert asks: a test in which they do not grow, and fall as those of a restart. */
function standingStill(parts: RuleSetParts, alert: ControlPlaneAlert): readonly PromtoolTest[] {
  const kinds = [...new Set(alert.rules.map(({ of }) => of))];
  return kinds.flatMap((of) => {
    const labels = placeOf(parts, of);
    const counts = alert.rules.filter((rule) => rule.of === of).every(({ condition }) => isOfCounters(condition));
    const shown = alert.tests.filter((test) => test.of === of && test.fires);
    if (labels === undefined || !counts || shown.length === 0) return [];
    const series = new Map(shown.flatMap((test) => inputOf(test.series, labels)).map((one) => [one.series, one]));
    return [
      {
        name: titled(alert, of, 'counters stand still, and begin anew'),
        interval: '1m',
        input_series: [...series.keys()].map((one) => ({ series: one, values: '1000x19 0x20' })),
        promql_expr_test: [firing(alert.name, 18 * 60, false), firing(alert.name, 30 * 60, false)],
      },
    ];
  });
}

function isOfCounters({ form }: AlertCondition): boolean {
  return form === 'growth' || form === 'share' || form === 'quantile' || form === 'mean';
}

function lookBackSeconds(condition: AlertCondition): number {
  return 'overSeconds' in condition ? condition.overSeconds : 0;
}

function titled({ name }: ControlPlaneAlert, of: Of, when: string): string {
  return `${name} of ${of}: ${when}`;
}

function inputOf(series: readonly ExampleValues[], place: Readonly<Record<string, string>>): InputSeries {
  return series.map(({ metric, labels, values }) => ({ series: seriesText(metric, { ...labels, ...place }), values }));
}

/** Whether any alert of a name fires: which labels it has is up to the metrics. */
function firing(alertname: AlertName, atSeconds: number, fires: boolean): Moment {
  const labels = { alertname, severity: alertSeverities[alertname] };
  return {
    expr: `max by (alertname, severity) (ALERTS${matchersText({ ...labels, alertstate: 'firing' })})`,
    eval_time: formatDuration(atSeconds),
    exp_samples: fires ? [{ labels: matchersText(labels), value: 1 }] : [],
  };
}
