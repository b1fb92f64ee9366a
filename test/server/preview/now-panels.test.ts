import { expect, test } from '@jest/globals';
import type { QueryAnswer } from '../../../src/server/preview/panel-answer.js';
import { stat, table } from '../../../src/server/preview/now-panels.js';
import { istioBoards } from '../../generate/dashboards/made-up-boards.js';

const view = { range: { from: 0, to: 3600 }, stepSeconds: 60, chosen: {} };
const panels = istioBoards().flatMap(({ rows }) => rows.flatMap((row) => row.panels));

/** Budgets that are left, by service; of one nothing is known. */
const left: Readonly<Record<string, number>> = { cart: 0.5, mail: NaN, till: -3, web: 0.9 };

test('a table of SLOs begins with the one that has least budget left, and ends with what is unknown', () => {
  const panel = panels.find(({ title }) => title === 'Every SLO')!;
  const answers = panel.queries.map((query): QueryAnswer => {
    const series = Object.entries(left).map(([service, value]) => ({
      labels: { service },
      samples: [{ at: 0, value: query.legend === 'Budget left' ? value : 1 }],
    }));
    return { query, series, leftOut: 0, trouble: undefined };
  });
  const order = [...table(panel, answers, view).matchAll(/<tr><td>(?:<a [^>]*>)?(\w+)</g)].map(
    ([, service]) => service,
  );
  expect(order).toEqual(['till', 'cart', 'web', 'mail']);
});

test('pages stand above tickets in a table of alerts', () => {
  const panel = panels.find(({ title }) => title === 'Alerts')!;
  const firing = [
    { alertname: 'CoverageLow', severity: 'ticket' },
    { alertname: 'ErrorBudgetBurnFast', severity: 'page' },
  ];
  const series = firing.map((labels) => ({ labels, samples: [{ at: 0, value: 1 }] }));
  const answers = panel.queries.map((query): QueryAnswer => ({ query, series, leftOut: 0, trouble: undefined }));
  const order = [...table(panel, answers, view).matchAll(/<tr><td>(?:<a [^>]*>)?(\w+)</g)].map(([, name]) => name);
  expect(order).toEqual(['ErrorBudgetBurnFast', 'CoverageLow']);
});

test('cells lead to the board of their service, for the time that is shown, and to the page', () => {
  const panel = panels.find(({ title }) => title === 'Every SLO')!;
  const labels = { cluster: 'eu 1', namespace: 'shop', service: 'cart&co', slo: 'availability' };
  const answers = panel.queries.map((query): QueryAnswer => ({
    query,
    series: [{ labels, samples: [{ at: 0, value: 1 }] }],
    leftOut: 0,
    trouble: undefined,
  }));
  const text = table(panel, answers, view);
  expect(text).toContain(
    '<a href="/boards/meshslo-service?var-cluster=eu%201&amp;var-namespace=shop&amp;var-service=cart%26co&amp;last=3600">cart&amp;co</a>',
  );
  expect(text).toContain('<a href="https://meshslo.example/services/eu%201/shop/cart%26co">availability</a>');
});

test.each([
  [1, 'Up', 'tone-good'],
  [0, 'Down', 'tone-bad'],
])('whether a proxy answers is said in words: %d is %s', (value, word, tone) => {
  const panel = panels.find(({ title }) => title === 'Answers')!;
  const [query] = panel.queries;
  const series = [{ labels: {}, samples: [{ at: 0, value }] }];
  const text = stat(panel, [{ query: query!, series, leftOut: 0, trouble: undefined }]);
  expect(text).toContain(`<strong class="${tone}">${word}</strong>`);
});
