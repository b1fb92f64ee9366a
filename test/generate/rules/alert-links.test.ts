import { expect, test } from '@jest/globals';
import { alertLinks, ownLinks } from '../../../src/alerting/alert-links.js';
import type { LinkSettings } from '../../../src/config/config.js';
import { linkTemplates } from '../../../src/generate/rules/alert-template.js';
import type { RuleFile } from '../../../src/generate/rules/rule-file.js';
import { before } from '../../../src/generate/rules/shown-range.js';
import { watchFile } from '../../../src/generate/rules/watch-file.js';
import { describeWith } from '../../support/programs.js';
import { settings } from './made-up-slos.js';
import { promtoolFindings } from './promtool.js';

const links: LinkSettings = {
  page: 'https://meshslo.example/under',
  runbooks: 'https://runbooks.example/{alert}.md',
  dashboards: 'https://grafana.example/d/{cluster}/{service}?ns={namespace}&slo={slo}&from={from}&to={to}',
  meshsloDashboard: 'https://grafana.example/d/meshslo-meshslo?var-cluster={cluster}&from={from}&to={to}',
};
/** No whole minute. */
const now = 7 * 50;

describeWith('promtool', 'links in generated alerts', (promtool) => {
  test('are those of the embedded evaluator, whatever names hold and at whatever second they are told', () => {
    const names = ['cart', '.', '..', '...', 'a/b', '50%', '%2E', 'a+b c', 'a&b=c#d?e', 'x"y', 'l\\n', '日本', '{slo}'];
    const alert = 'SliDataMissing';
    const file: RuleFile = {
      name: 'links',
      about: [],
      groups: [
        {
          name: 'links',
          intervalSeconds: 50,
          rules: [
            {
              alert,
              labels: {},
              annotations: linkTemplates(links, alert, { hasSlo: true, from: before(3600) }),
              expression: { kind: 'selector', metric: 'thing', matchers: [] },
              forSeconds: 0,
            },
          ],
        },
      ],
    };
    const labelsOf = (name: string) => ({ cluster: 'eu-1', namespace: name, service: name, slo: name });
    const input = names.map((name) => ({
      series: `thing{${Object.entries(labelsOf(name))
        .map(([label, value]) => `${label}=${JSON.stringify(value)}`)
        .join(',')}}`,
      values: '1x40',
    }));
    const expected = {
      eval_time: `${now}s`,
      alertname: alert,
      exp_alerts: names.map((name) => ({
        exp_labels: labelsOf(name),
        exp_annotations: alertLinks(links, {
          alert,
          service: { cluster: 'eu-1', namespace: name, name },
          slo: name,
          range: { from: now - 3600, to: now },
        }),
      })),
    };
    expect(promtoolFindings(promtool, [file], input, [], [expected], '50s')).toBe('');
  });

  test('about meshslo itself lead to its own dashboard', () => {
    const file = watchFile(settings, links);
    const [{ rules }] = file.groups as [RuleFile['groups'][number]];
    const watchdog = rules.find((rule) => 'alert' in rule && rule.alert === 'MeshsloWatchdog') as {
      readonly labels: Readonly<Record<string, string>>;
      readonly annotations: Readonly<Record<string, string>>;
    };
    const { summary, description, action } = watchdog.annotations;
    const range = { from: now - 7200, to: now };
    const expected = {
      eval_time: `${now}s`,
      alertname: 'MeshsloWatchdog',
      exp_alerts: [
        {
          exp_labels: watchdog.labels,
          exp_annotations: {
            ...{ summary: summary!, description: description!, action: action! },
            ...ownLinks(links, { alert: 'MeshsloWatchdog', cluster: 'eu-1', range }),
          },
        },
      ],
    };
    expect(promtoolFindings(promtool, [file], [], [], [expected], '50s')).toBe('');
  });
});
