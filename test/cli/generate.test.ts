import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { generate } from '../../src/cli/generate.js';
import { Ledger } from '../../src/ledger/ledger.js';
import { leastConfig } from '../config/workspace.js';
import { batch, monday, slo } from '../ledger/support.js';
import { describeWith } from '../support/programs.js';

const ofCart = 'service: shop/cart\nowner: team-shop\nslos: { availability: { objective: 99.95% } }\n';
const monthly = `---
service: shop/till
tier: critical
slos: { availability: { objective: 99.9%, window: { calendar: month, time_zone: UTC } } }
`;

let folder: string;
let out: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meshslo-generate-'));
  out = join(folder, 'out');
  write('meshslo.yaml', `${leastConfig}slos: [slos.yaml]\n`);
  write('slos.yaml', ofCart);
});

afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): void {
  writeFileSync(join(folder, name), text);
}

function run(output: 'text' | 'json' = 'text', now = monday): { code: number; text: string } {
  let text = '';
  const terminal = { color: false, write: (part: string) => void (text += part) };
  return { code: generate({ config: join(folder, 'meshslo.yaml'), out, output }, terminal, now), text };
}

function contents(): Readonly<Record<string, string>> {
  const files = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [relative(out, path), readFileSync(path, 'utf8')];
    }),
  );
}

describe('meshslo generate', () => {
  test('says what it found and what it costs, and what became of every file', () => {
    const { code, text } = run();
    expect(code).toBe(0);
    expect(text).toContain('1 service with 2 SLOs, all of them from SLO files: there is no ledger yet: eu-1/shop/cart');
    expect(text).toMatch(
      /\d+ recording rules for all services, 2 constants, \d+ alerts; at most \d+ recorded series, and 9 for each proxy and service/,
    );
    expect(text).toContain('wrote    meshslo-alerts-standard.yaml');
    expect(text).toMatch(/wrote {4}dashboards\/ \(\d+ files\)/);
    const all = Object.keys(contents());
    expect(all.filter((name) => name.startsWith('dashboards/meshslo-svc-'))).toHaveLength(1);
    expect(all.filter((name) => !name.startsWith('dashboards/')).sort()).toEqual([
      '.meshslo-generated.json',
      'meshslo-alerts-standard.yaml',
      'meshslo-control-plane.yaml',
      'meshslo-dependencies.yaml',
      'meshslo-objectives.yaml',
      'meshslo-recording.yaml',
      'meshslo-watch.yaml',
      'promtool-tests-alerts-standard.yaml',
      'promtool-tests-control-plane-slow.yaml',
      'promtool-tests-control-plane.yaml',
      'promtool-tests-coverage.yaml',
      'promtool-tests-dependencies.yaml',
      'promtool-tests-watch.yaml',
    ]);
  });

  test('the same input gives the same bytes, and touches nothing', () => {
    run();
    const before = contents();
    const { text } = run();
    expect(contents()).toEqual(before);
    expect(text).not.toContain('wrote ');
  });

  test('what only the ledger keeps is told, and has no objective in the rules', () => {
    write('slos.yaml', `${ofCart}${monthly}`);
    const { text } = run();
    expect(text).toContain(
      '1 SLO of these only the ledger can keep (calendar windows, slices of time, minutes of proxies, no mesh known yet): eu-1/shop/till/availability',
    );
    expect(contents()['meshslo-objectives.yaml']).not.toMatch(/service: till\n\s+slo: availability/);
  });

  test('services that the ledger has met get rules too', () => {
    const stock = slo('stock', { service: { cluster: 'eu-1', namespace: 'shop', name: 'stock' } });
    const ledger = Ledger.open(join(folder, '.meshslo/ledger.db'));
    ledger.declare([stock], monday - 600);
    ledger.commit(
      batch(monday - 600, { events: [{ slo: 'eu-1/shop/stock/availability', total: 9, bad: 0, coverage: 1 }] }),
    );
    ledger.close();
    const { text } = run();
    expect(text).toContain('2 services with 4 SLOs, 1 of them from the ledger alone: eu-1/shop/cart, eu-1/shop/stock');
    expect(run('text', monday + 40 * 86_400).text).toContain('1 service with');
  });

  test('what it no longer makes is removed, and what it never made stays', () => {
    write('slos.yaml', ofCart.replace('owner:', 'tier: critical\nowner:'));
    run();
    write('slos.yaml', ofCart);
    writeFileSync(join(out, 'mine.yaml'), 'groups: []\n');
    expect(run().text).toContain('removed  meshslo-alerts-critical.yaml');
    expect(existsSync(join(out, 'meshslo-alerts-critical.yaml'))).toBe(false);
    expect(readFileSync(join(out, 'mine.yaml'), 'utf8')).toBe('groups: []\n');
  });

  test("somebody else's file of the same name is never replaced", () => {
    mkdirSync(out);
    writeFileSync(join(out, 'meshslo-watch.yaml'), 'groups: []\n');
    expect(() => run()).toThrow(/files that meshslo did not make: meshslo-watch.yaml/);
    expect(readdirSync(out)).toEqual(['meshslo-watch.yaml']);
  });

  test('files that cannot all be written replace none of those that are there', () => {
    run();
    const before = contents();
    write('slos.yaml', `${ofCart.replace('99.95%', '99.9%')}---\nservice: shop/till\ntier: critical\n`);
    const inTheWay = join(out, '.promtool-tests-alerts-standard.yaml.unfinished');
    mkdirSync(inTheWay);
    expect(() => run()).toThrow(/out cannot be written: /);
    rmSync(inTheWay, { recursive: true });
    expect(contents()).toEqual(before);
    expect(run().code).toBe(0);
  });

  test('a place that takes no folders is told at once', () => {
    out = '/proc/meshslo/rules';
    expect(() => run()).toThrow(/\/proc\/meshslo\/rules cannot be written: /);
  });

  test('a configuration with mistakes writes nothing', () => {
    write('slos.yaml', ofCart.replace('99.95%', '100%'));
    const { code, text } = run('json');
    expect(code).toBe(1);
    expect(JSON.parse(text)).toMatchObject({ good: false });
    expect(existsSync(out)).toBe(false);
  });

  test('as JSON it is one object with the same figures', () => {
    const answer = JSON.parse(run('json').text) as Record<string, unknown>;
    expect(answer).toMatchObject({ good: true, slos: 2, services: ['eu-1/shop/cart'], leftOut: [], removed: [] });
    expect(answer['cost']).toMatchObject({ objectives: 2 });
  });
});

describeWith('promtool', 'what was generated', (promtool) => {
  test('passes the check of rules, with budgets over two windows in one tier', () => {
    write('slos.yaml', `${ofCart.replace('} }', ', window: 7d } }')}---\nservice: shop/till\n`);
    run();
    const rules = readdirSync(out).filter((name) => /^meshslo-.*\.yaml$/.test(name));
    const { status, stdout } = spawnSync(promtool, ['check', 'rules', ...rules], { cwd: out, encoding: 'utf8' });
    expect(stdout).not.toContain('FAILED');
    expect(status).toBe(0);
  });
});
