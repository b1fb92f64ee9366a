import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { check } from '../../src/cli/check.js';
import { importDefinitions } from '../../src/cli/import.js';
import type { ImportOptions } from '../../src/cli/import.js';
import { loadConfig } from '../../src/config/load-config.js';
import { SloCatalogue } from '../../src/config/slo-catalogue.js';

const root = mkdtempSync(join(tmpdir(), 'meshslo-import-'));
let folder = '';
let number = 0;

beforeEach(() => {
  folder = join(root, String((number += 1)));
  mkdirSync(join(folder, 'sloth', 'deep'), { recursive: true });
  put('meshslo.yaml', configuration('istio'));
});

afterAll(() => rmSync(root, { recursive: true }));

const configuration = (mesh: string): string => `slos: ['slos/*.yaml']
cluster: demo
scrape:
  jobs: [{ name: sidecars, mesh: ${mesh}, targets: [{ static: ['127.0.0.1:15090'] }] }]
`;

function put(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function slothFile(service: string, { objective = '99.9', bad = '5..', metric = 'istio_requests_total' } = {}): string {
  const selector = `reporter="destination",destination_service_name="${service}",destination_service_namespace="shop"`;
  return `version: prometheus/v1
service: ${service}
labels: { owner: team-shop }
slos:
  - name: requests
    objective: ${objective}
    sli:
      events:
        error_query: sum(rate(${metric}{${selector},response_code=~"${bad}"}[{{.window}}]))
        total_query: sum(rate(${metric}{${selector}}[{{.window}}]))
    alerting: { name: Burns }
  - name: fast
    objective: 95
    sli:
      events:
        error_query: |
          sum(rate(istio_request_duration_milliseconds_count{${selector}}[{{.window}}]))
            - sum(rate(istio_request_duration_milliseconds_bucket{${selector},le="2500"}[{{.window}}]))
        total_query: sum(rate(istio_request_duration_milliseconds_count{${selector}}[{{.window}}]))
    alerting: { name: Slow, page_alert: { disable: true } }
`;
}

function run(definitions: readonly string[], options: Partial<ImportOptions> = {}) {
  let out = '';
  let aside = '';
  const config = join(folder, 'meshslo.yaml');
  const code = importDefinitions(
    definitions,
    { window: 30 * 86_400, output: 'text', config, ...options },
    { write: (text) => (out += text), color: false },
    { write: (text) => (aside += text), color: false },
  );
  return { code, out, aside };
}

describe('meshslo import', () => {
  test('writes a file for each service, and check takes them, with the numbers that they had', async () => {
    put('sloth/cart.yml', slothFile('cart', { objective: '99.95' }));
    put('sloth/deep/ads.YAML', slothFile('ads'));
    const { code, out } = run([join(folder, 'sloth')], { out: join(folder, 'slos') });
    expect(code).toBe(0);
    expect(out.split('\n')[0]).toBe('4 promises: all taken, for 2 services');
    expect(readdirSync(join(folder, 'slos'))).toEqual(['shop.ads.yaml', 'shop.cart.yaml']);

    let said = '';
    const config = join(folder, 'meshslo.yaml');
    const checked = await check(
      { config, output: 'text', timeout: 10 },
      { write: (text) => (said += text), color: false },
    );
    expect(checked).toBe(0);
    expect(said).toContain('2 services with SLOs of their own');
    expect(said).not.toContain('warning');
    const catalogue = new SloCatalogue(loadConfig(config).config!.slos);
    const promised = catalogue.all().filter(({ origin, service }) => origin === 'file' && service.name === 'cart');
    expect(
      promised.map(({ name, objective, indicator, window, owner, alerts }) => ({
        name,
        objective,
        indicator,
        window,
        owner,
        pages: alerts.pages,
      })),
    ).toEqual([
      {
        name: 'availability',
        objective: 0.9995,
        indicator: { kind: 'availability' },
        window: { kind: 'rolling', seconds: 2_592_000 },
        owner: 'team-shop',
        pages: true,
      },
      {
        name: 'latency',
        objective: 0.95,
        indicator: { kind: 'latency', thresholdSeconds: 2.5 },
        window: { kind: 'rolling', seconds: 2_592_000 },
        owner: 'team-shop',
        pages: false,
      },
    ]);
  });

  test('shows files where no folder is named, and says the rest aside', () => {
    const { code, out, aside } = run([put('cart.yaml', slothFile('cart'))]);
    expect(code).toBe(0);
    expect(out).toBe(`# Taken over by meshslo import. The format: docs/slo-files.md
service: shop/cart
owner: team-shop
slos:
  # cart-requests (cart.yaml:5)
  availability: { objective: 99.9% }
  # cart-fast (cart.yaml:12)
  latency: { objective: 95%, threshold: 2s500ms, alerts: { pages: off } }
`);
    expect(aside).toContain('Nothing was written: --out <folder> does.');
  });

  test('gives the same bytes again, wherever the folder stands, and leaves what is there alone', () => {
    put('sloth/cart.yml', slothFile('cart'));
    const out = join(folder, 'slos');
    expect(run([join(folder, 'sloth')], { out }).code).toBe(0);
    const text = readFileSync(join(out, 'shop.cart.yaml'), 'utf8');
    const again = run([join(folder, 'sloth')], { out });
    expect(again.code).toBe(0);
    expect(again.out).toContain('(is there already, the same)');
    writeFileSync(join(out, 'shop.cart.yaml'), `${text}# mine\n`);
    const third = run([join(folder, 'sloth')], { out });
    expect(third.code).toBe(1);
    expect(third.out).toContain('NOT written');
    expect(readFileSync(join(out, 'shop.cart.yaml'), 'utf8')).toBe(`${text}# mine\n`);
  });

  test('takes what it can, and names the rest with file, line, column, why and what to do', () => {
    put('sloth/app.yaml', slothFile('app', { metric: 'http_requests_total' }));
    put('sloth/broken.yaml', 'version: prometheus/v1\n  service: x\n');
    put('sloth/deployment.yaml', 'apiVersion: apps/v1\nkind: Deployment\n');
    const { code, out } = run([join(folder, 'sloth')], { out: join(folder, 'slos') });
    expect(code).toBe(1);
    expect(out).toMatch(/app\.yaml:9:31 error: http_requests_total is no metric of a mesh/);
    expect(out).toMatch(/leave this one where it is/);
    expect(out).toMatch(/broken\.yaml:2:3 error/);
    expect(out).toMatch(/Passed over, for it promises nothing: .*deployment\.yaml/);
    expect(readdirSync(join(folder, 'slos'))).toEqual(['shop.app.yaml']);
  });

  test('does not promise again what a SLO file of yours promises', () => {
    mkdirSync(join(folder, 'slos'));
    put('slos/mine.yaml', 'service: shop/cart\nslos: { availability: { objective: 99% } }\n');
    const { code, out } = run([put('cart.yaml', slothFile('cart'))], { out: join(folder, 'slos') });
    expect(code).toBe(1);
    expect(out).toContain('shop/cart has availability in a SLO file of yours already');
    expect(readFileSync(join(folder, 'slos/shop.cart.yaml'), 'utf8')).not.toContain('availability');
    expect(loadConfig(join(folder, 'meshslo.yaml')).diagnostics).toEqual([]);
  });

  test('refuses a threshold that the mesh of the jobs does not have, as check would', () => {
    put('meshslo.yaml', configuration('linkerd2'));
    const { code, out } = run([put('cart.yaml', slothFile('cart'))]);
    expect(code).toBe(1);
    expect(out).not.toContain('latency');
  });

  test('writes all files or none', () => {
    put('sloth/cart.yml', slothFile('cart'));
    put('sloth/ads.yml', slothFile('ads'));
    mkdirSync(join(folder, 'slos', '.shop.cart.yaml.unfinished'), { recursive: true });
    expect(() => run([join(folder, 'sloth')], { out: join(folder, 'slos') })).toThrow(/slos cannot be written/);
    expect(readdirSync(join(folder, 'slos')).filter((name) => !name.startsWith('.'))).toEqual([]);
  });

  test('says what is in the way', () => {
    put('sloth/cart.yml', slothFile('cart'));
    put('sloth/ads.yml', slothFile('ads'));
    mkdirSync(join(folder, 'slos', 'shop.cart.yaml'), { recursive: true });
    const { code, out } = run([join(folder, 'sloth')], { out: join(folder, 'slos') });
    expect(code).toBe(1);
    expect(out.split('\n')[0]).toBe('4 promises: all taken, for 2 services; 1 file NOT written, where another one is');
    expect(readdirSync(join(folder, 'slos'))).toEqual(['shop.ads.yaml', 'shop.cart.yaml']);
  });

  test('does not say that all is taken where a file could not be read', () => {
    put('sloth/cart.yml', slothFile('cart'));
    put('sloth/broken.yaml', 'version: prometheus/v1\n  service: x\n');
    const { out } = run([join(folder, 'sloth')], { out: join(folder, 'slos') });
    expect(out.split('\n')[0]).toBe('2 promises could be read: all taken, for 1 service');
  });

  test('prints no control of a terminal, and loses none', () => {
    const owner = 'a\u009b31m\u202eb';
    const text = slothFile('cart').replace('owner: team-shop', `owner: ${JSON.stringify(owner)}`);
    const { out } = run([put('cart.yaml', text)]);
    expect(out).toContain(String.raw`owner: "a\u009b31m\u202eb"`);
    const written = parse(out) as { owner: string };
    expect(written.owner).toBe(owner);
  });

  test('takes the window that Sloth was run with', () => {
    const { out } = run([put('cart.yaml', slothFile('cart'))], { window: 28 * 86_400 });
    expect(out).toContain('availability: { objective: 99.9%, window: 28d }');
  });

  test('tells programs the same', () => {
    const { out, code } = run([put('cart.yaml', slothFile('cart', { bad: '[45]..' }))], { output: 'json' });
    const said = JSON.parse(out) as {
      taken: number;
      files: { status: string; slos: { name: string; was: string }[] }[];
      differences: { code: string }[];
      notTaken: unknown[];
    };
    expect(code).toBe(0);
    expect(said.taken).toBe(2);
    expect(said.files[0]!.status).toBe('shown');
    expect(said.files[0]!.slos.map(({ name, was }) => `${name} was ${was}`)).toEqual([
      'availability was cart-requests',
      'latency was cart-fast',
    ]);
    expect(said.differences.map(({ code: one }) => one)).toContain('counted-otherwise');
    expect(said.notTaken).toEqual([]);
  });

  test('says that it could not do it where there is nothing to read, nowhere to write, or a configuration with mistakes', () => {
    const cart = put('cart.yaml', slothFile('cart'));
    expect(() => run([join(folder, 'nowhere')])).toThrow(expect.objectContaining({ code: 'file-unreadable' }));
    expect(() => run([put('other.yaml', 'a: 1\n')])).toThrow(expect.objectContaining({ code: 'bad-arguments' }));
    expect(() => run([cart], { out: join(cart, 'below-a-file') })).toThrow(
      expect.objectContaining({ code: 'bad-arguments' }),
    );
    put('meshslo.yaml', 'nonsense: 1\n');
    expect(run([cart]).code).toBe(2);
  });
});
