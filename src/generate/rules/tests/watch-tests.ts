import { ownLabels } from '../../../alerting/alert-links.js';
import type { RuleSettings } from '../rule-settings.js';
import { seriesText } from './example-series.js';
import { alertAt, type PromtoolTest } from './promtool-file.js';

/** The alerts about the rules themselves. */
export function watchTests(settings: RuleSettings): readonly PromtoolTest[] {
  const own = ownLabels(settings);
  const failures = seriesText('prometheus_rule_evaluation_failures_total', {
    rule_group: '/etc/prometheus/meshslo-recording.yaml;meshslo:minute',
  });
  const story = (name: string, values: string | undefined, fires: boolean): PromtoolTest => ({
    name: `the rules themselves: ${name}`,
    interval: '15s',
    input_series: values === undefined ? [] : [{ series: failures, values }],
    promql_expr_test: [
      alertAt('MeshsloWatchdog', { ...own, watcher: 'prometheus' }, 1, true),
      alertAt('MeshsloRulesFailing', own, 20, false),
      alertAt('MeshsloRulesFailing', own, 30, fires),
    ],
  });
  return [
    story('evaluations fail from the tenth minute on', '0x39 1+1x160', true),
    story('one has failed once', '0x39 1x160', false),
    story('Prometheus restarts after failures of long ago', '7x39 0x160', false),
    story('Prometheus does not scrape itself', undefined, false),
  ];
}
