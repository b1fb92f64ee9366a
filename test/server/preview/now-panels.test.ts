import { expect, test } from '@jest/globals';
import type { QueryAnswer } from '../../../src/server/preview/panel-answer.js';
import { table } from '../../../src/server/preview/now-panels.js';
import { istioBoards } from '../../generate/dashboards/made-up-boards.js';

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
  const order = [...table(panel, answers).matchAll(/<tr><td>(\w+)</g)].map(([, service]) => service);
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
  const order = [...table(panel, answers).matchAll(/<tr><td>(\w+)</g)].map(([, name]) => name);
  expect(order).toEqual(['ErrorBudgetBurnFast', 'CoverageLow']);
});
