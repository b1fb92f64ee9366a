import { describe, expect, test } from '@jest/globals';
import { sloAlerts } from '../../src/alerting/slo-alerts.js';
import type { ActiveAlert } from '../../src/domain/alert.js';
import { judged, type JudgedSlo } from '../../src/domain/burn-verdict.js';
import { noon, slo, status, steadily } from '../server/made-up-reader.js';

const links = {
  page: 'https://meshslo.example',
  runbooks: 'https://runbooks.example/{alert}.md',
  dashboards: 'https://grafana.example/d/x?var-service={service}&var-ns={namespace}&from={from}&to={to}',
};
const context = { links, knownUntil: noon, watchedRatio: 1 };
const plenty = { total: 100_000_000, bad: 50_000 };
const burning = status({ ...plenty, recent: steadily(20, 0.05) });

const firing = (...all: JudgedSlo[]): readonly ActiveAlert[] => sloAlerts(all, context);
const names = (...all: JudgedSlo[]): readonly string[] => firing(...all).map(({ name }) => name);

describe('a burning SLO', () => {
  test('pages under the labels of its identity, the ticket beside it', () => {
    const [page, ticket, ...rest] = firing(burning);
    expect(page).toMatchObject({
      name: 'ErrorBudgetBurnFast',
      severity: 'page',
      labels: { cluster: 'berlin', namespace: 'shop', service: 'checkout', slo: 'availability', owner: 'payments' },
    });
    expect(ticket).toMatchObject({ name: 'ErrorBudgetBurnSlow', severity: 'ticket', labels: page!.labels });
    expect(rest).toEqual([]);
  });

  test('says in words how fast, what is left, what happened, what was promised and what to do', () => {
    const { summary, description, action } = firing(burning)[0]!.annotations;
    // 5 % are 50 times 0.1 %; half of a budget of 30 d lasts 0.5 x 720 h / 50 = 7.2 h
    expect(summary).toBe(
      'shop/checkout availability burns 50x as fast as it may (last hour), 50 % of the budget left, at this pace gone in 7 hours',
    );
    expect(description).toBe(
      '3,600 of 72,000 requests were bad (5 %) in the last hour. ' +
        'Promised: 99.9 % of requests succeed, over 30 days. ' +
        'Step hour (2.15 % of the budget in 1 hour): 15x is enough, it was 50x, and 50x in the last 5 minutes.',
    );
    expect(action).toBe('Stop the spending now. Look at what changed last, and take it back.');
  });

  test('says where the window is older than what is measured', () => {
    const young = { ...burning, observed: { first: noon - 600, last: noon - 60 } };
    expect(firing(young)[0]!.annotations['description']).toMatch(
      /It has been measured for 10 minutes only: that is all that is known of the last hour, and a short burst weighs more in it\.$/,
    );
    const changed = { ...burning, definedSince: noon - 1200 };
    expect(firing(changed)[0]!.annotations['description']).toMatch(/It has been measured for 20 minutes only/);
    const old = { ...burning, observed: { first: noon - 3600, last: noon - 60 } };
    expect(firing(old)[0]!.annotations['description']).not.toMatch(/measured for/);
  });

  test('does not say that a mesh does well which nobody sees', () => {
    const mesh = slo({ name: 'mesh', perspective: 'mesh-failures' });
    const text = (neighbour: JudgedSlo): string => firing(burning, neighbour)[0]!.annotations['description']!;
    expect(text(status({ slo: mesh, ...plenty, recent: steadily(20, 0) }))).toContain('it is the service itself');
    expect(text(status({ slo: mesh, total: 0, bad: 0, coverage: 0 }))).not.toContain('The mesh');
  });

  test('says when the budget ends at the pace that it tells, not at another one', () => {
    // The ticket tells 1 % in 12 hours, the page 5 % in one: 0.5 x 30 d / 10 = 1.5 d, in words two.
    const lately = steadily(20, 0.05).slice(0, 3);
    const before = steadily(20, 0.01).slice(3);
    const [, ticket] = firing(status({ ...plenty, recent: [...lately, ...before] }));
    expect(ticket!.annotations['summary']).toMatch(
      /burns 10x as fast as it may \(last 12 hours\), .* at this pace gone in 2 days$/,
    );
  });

  test('links to its page with the time of the incident, to its runbook and its dashboard', () => {
    expect(firing(burning)[0]!.annotations).toMatchObject({
      page_url: `https://meshslo.example/services/berlin/shop/checkout?slo=availability&from=${noon - 7200}&to=${noon}`,
      runbook_url: 'https://runbooks.example/ErrorBudgetBurnFast.md',
      dashboard_url: `https://grafana.example/d/x?var-service=checkout&var-ns=shop&from=${noon - 7200}000&to=${noon}000`,
    });
  });

  test('escapes what the network calls services', () => {
    const odd = status({ ...plenty, slo: slo({ serviceName: 'a/b?c&<d>' }), recent: steadily(20, 0.05) });
    const { page_url, dashboard_url } = firing(odd)[0]!.annotations;
    expect(page_url).toContain('/services/berlin/shop/a%252Fb%3Fc%26%3Cd%3E?slo=');
    expect(dashboard_url).toContain('var-service=a%2Fb%3Fc%26%3Cd%3E&');
  });

  test('has no links where nobody said where they lead', () => {
    const nowhere = { page: undefined, runbooks: undefined, dashboards: undefined };
    const [page] = sloAlerts([burning], { ...context, links: nowhere });
    expect(Object.keys(page!.annotations)).toEqual(['summary', 'description', 'action']);
  });

  test('wakes nobody where pages are off; its ticket stays, and the page says that it burns', () => {
    const quiet = { ...slo(), alerts: { policy: 'standard', pages: false } };
    expect(names(status({ ...plenty, slo: quiet, recent: steadily(20, 0.05) }))).toEqual(['ErrorBudgetBurnSlow']);
  });

  test('says whether it is the service or the mesh, as far as both are measured', () => {
    const mesh = slo({ name: 'mesh', perspective: 'mesh-failures', objective: 0.9999 });
    const saying = (of: JudgedSlo, other: JudgedSlo): string => firing(of, other)[0]!.annotations['description']!;
    const calmMesh = status({ ...plenty, slo: mesh, recent: steadily(20, 0) });
    const badMesh = status({ ...plenty, slo: mesh, recent: steadily(20, 0.05) });
    expect(saying(burning, calmMesh)).toContain('it is the service itself');
    expect(saying(burning, badMesh)).toContain('look at the mesh first');
    expect(saying(badMesh, status({ ...plenty, recent: steadily(20, 0) }))).toContain(
      'it is the mesh on the way to it',
    );
    expect(saying(badMesh, burning)).toContain('look at the service as well');
  });

  test('tells how much of the window was seen, where that is not all', () => {
    const half = status({ ...plenty, coverage: 0.931, recent: steadily(20, 0.05) });
    expect(firing(half)[0]!.annotations['description']).toMatch(/Of the budget's window 93.1 % observed\.$/);
  });

  test('goes on in silence, and says that silence is no recovery', () => {
    // Nothing in five minutes; an hour with 60 bad ones.
    const silent = status({
      ...plenty,
      recent: [
        [0, 0],
        [0, 0],
        [1000, 60],
        [1000, 60],
        [1000, 60],
        [1000, 60],
      ],
    });
    expect(names(silent)).not.toContain('ErrorBudgetBurnFast');
    const held = judged(silent, silent.verdict.policy, { page: true, ticket: false });
    const [alert] = firing(held);
    expect(alert!.name).toBe('ErrorBudgetBurnFast');
    expect(alert!.annotations['summary']).toContain('too little is seen to call it over');
    expect(alert!.annotations['description']).toContain(
      'Only 0 events were seen in the last 5 minutes: that is no recovery.',
    );
    expect(alert!.annotations['description']).toContain('60 of 1,000 requests were bad (6 %) in the last hour.');
  });
});

describe('an SLO that does not burn', () => {
  test('fires nothing when it is well, without traffic, or never seen', () => {
    expect(names(status({ total: 1_000_000, bad: 10, recent: steadily(1, 0.0001) }))).toEqual([]);
    expect(names(status({ total: 0, bad: 0, recent: steadily(0, 0) }))).toEqual([]);
    expect(names(status({ total: 0, bad: 0, coverage: 0 }))).toEqual([]);
  });

  test('has spent its budget: 1,001 bad events where 1,000 are allowed', () => {
    const [alert, ...rest] = firing(status({ total: 1_000_000, bad: 1001, recent: steadily(1, 0) }));
    expect(rest).toEqual([]);
    expect(alert).toMatchObject({ name: 'ErrorBudgetExhausted', severity: 'ticket' });
    expect(alert!.annotations['description']).toContain('1,001 bad events over 30 days, where 1,000 are allowed.');
  });

  const seen = (first: number, last: number, coverage = 1): JudgedSlo => {
    const made = status({ total: 1_000_000, bad: 0, recent: steadily(1, 0) });
    const burnRates = made.burnRates.map((rate) => ({ ...rate, coverage }));
    return { ...made, burnRates, observed: { first: noon - first, last: noon - last } };
  };

  test.each([
    { why: 'nine minutes are a pod that moves', given: seen(86_400, 600), missing: false },
    { why: 'ten minutes without data', given: seen(86_400, 660), missing: true },
    { why: 'a day later it is gone for good', given: seen(200_000, 86_520), missing: false },
    { why: 'what was there for an hour at most came and went', given: seen(4000, 660), missing: false },
  ])('is missing when nothing says how it is: $why', ({ given, missing }) => {
    expect(names(given)).toEqual(missing ? ['SliDataMissing'] : []);
  });

  test('is seen too little when a quarter of what meshslo watched is unseen', () => {
    expect(names(seen(86_400, 60, 0.74))).toEqual(['CoverageLow']);
    expect(names(seen(86_400, 60, 0.75))).toEqual([]);
    expect(names(seen(20_000, 60, 0.5))).toEqual([]);
    // meshslo itself was away for half of the time: that says nothing of the service.
    expect(sloAlerts([seen(86_400, 60, 0.5)], { ...context, watchedRatio: 0.5 })).toEqual([]);
    expect(sloAlerts([seen(86_400, 60, 0.37)], { ...context, watchedRatio: 0.5 })).toHaveLength(1);
  });
});
