import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { AlertEpisode } from '../../src/domain/alert.js';
import type { KeptFinding } from '../../src/domain/finding.js';
import { Ledger } from '../../src/ledger/ledger.js';
import { pastOf, pastOfFile } from '../../src/service/past.js';

let folder: string;
let path: string;
let ledger: Ledger;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meshslo-past-'));
  path = join(folder, 'ledger.db');
  ledger = Ledger.open(path);
});

afterEach(() => {
  ledger.close();
  rmSync(folder, { recursive: true });
});

const range = { from: 1000, to: 2000 };
const labels = { cluster: 'eu-1', namespace: 'shop', service: 'cart', slo: 'availability' };

function episode(said: Partial<AlertEpisode>): AlertEpisode {
  return {
    id: 'a',
    name: 'ErrorBudgetBurnFast',
    severity: 'page',
    labels,
    annotations: { summary: 'cart burns', page_url: 'https://m.example/services/eu-1/shop/cart' },
    startedAt: 1100,
    endedAt: 1200,
    inhibited: false,
    acknowledged: undefined,
    noise: undefined,
    ...said,
  };
}

function finding(said: Partial<KeptFinding>): KeptFinding {
  return {
    kind: 'ConfigRejected',
    subject: { cluster: 'eu-1', proxy: 'cart-1.shop' },
    owner: undefined,
    summary: 'cart-1.shop refuses its configuration',
    evidence: {},
    action: 'See its log.',
    since: undefined,
    id: 'f',
    firstSeen: 1300,
    lastSeen: 1400,
    resolvedAt: undefined,
    ...said,
  };
}

test('what happened are alerts that called somebody, findings that matter, and events, each with its place', () => {
  const cart = { cluster: 'eu-1', namespace: 'shop', name: 'cart' };
  ledger.alerts.save([
    episode({}),
    episode({ id: 'b', name: 'ErrorBudgetBurnSlow', severity: 'ticket', inhibited: true }),
    episode({ id: 'c', name: 'SliDataMissing', startedAt: 100, endedAt: 900 }),
  ]);
  const told = [finding({}), finding({ id: 'g', subject: { proxy: 'x' }, firstSeen: 10, resolvedAt: 20 })];
  ledger.findings.save(told.map((one) => ({ finding: one, sources: ['istiod'] })));
  ledger.events.add([
    { kind: 'deploy', at: 1500, service: cart, summary: 'cart went from 1 to 2', facts: { version: '2' } },
    { kind: 'control-plane', at: 1600, service: undefined, summary: 'istiod went', facts: { cluster: 'eu-2' } },
    { kind: 'deploy', at: 500, service: cart, summary: 'cart went from 0 to 1', facts: {} },
  ]);
  const ofCart = { cluster: 'eu-1', namespace: 'shop', service: 'cart' };
  const past = pastOf(ledger, range);
  expect([...past].sort((a, b) => a.from - b.from)).toMatchObject([
    { kind: 'alert', from: 1100, to: 1200, place: ofCart, summary: 'ErrorBudgetBurnFast (page): cart burns' },
    { kind: 'finding', from: 1300, to: undefined, summary: expect.stringContaining('ConfigRejected (') as unknown },
    { kind: 'deploy', from: 1500, place: ofCart, summary: 'cart went from 1 to 2' },
    { kind: 'control-plane', from: 1600, place: { cluster: 'eu-2' } },
  ]);
});

test('more episodes than one page holds are read', () => {
  const many = Array.from({ length: 1500 }, (_, index) =>
    episode({ id: `e${index}`, labels: { ...labels, slo: `s${index}` } }),
  );
  ledger.alerts.save(many);
  expect(pastOf(ledger, range)).toHaveLength(1500);
});

test('is read beside whoever writes it, and is unknown where there is no ledger', () => {
  ledger.alerts.save([episode({})]);
  expect(pastOfFile(path)!(range)).toHaveLength(1);
  expect(pastOfFile(join(folder, 'none.db'))).toBeUndefined();
});
