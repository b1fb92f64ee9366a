import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { check } from '../../src/cli/check.js';
import { init } from '../../src/cli/init.js';
import { Failure } from '../../src/domain/failure.js';

const folder = mkdtempSync(join(tmpdir(), 'meshslo-check-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function run(
  config: string,
  output: 'text' | 'json' = 'text',
  { color = false, live }: { readonly color?: boolean; readonly live?: string } = {},
): Promise<{ code: number; text: string }> {
  let text = '';
  const code = await check(
    { config, output, ...(live !== undefined && { live }) },
    { color, write: (part) => void (text += part) },
  );
  return { code, text };
}

describe('meshslo check', () => {
  test('every mistake of every file is shown at once, with its line, a caret and a hint', async () => {
    const { code, text } = await run('test/fixtures/config/every-mistake/meshslo.yaml');
    expect(text).toBe(readFileSync('test/fixtures/config/every-mistake/expected.txt', 'utf8'));
    expect(code).toBe(1);
  });

  test('no secret of a configuration is shown', async () => {
    for (const output of ['text', 'json'] as const) {
      expect((await run('test/fixtures/config/every-mistake/meshslo.yaml', output)).text).not.toMatch(
        /hunter2|user:secret/,
      );
    }
  });

  test('a secret in the wrong place is not shown either', async () => {
    const file = join(folder, 'secrets.yaml');
    const job =
      "{ name: a, mesh: istio, targets: [{ static: ['a:1'] }], basic_auth: 'me:hunter2', authorization: hunter2 }";
    const receivers = `notifications:
  default: a
  receivers:
    - { name: a, pagerduty: { routing_key: hunter2 }, slack: { channel: a, api_url: 'https://hooks/hunter2' } }
    - { name: b, opsgenie: { api_key: hunter2 }, email: { password: hunter2 }, webhook: { url: 'http://hunter2@a/' } }
`;
    writeFileSync(
      file,
      `cluster: a\nscrape: { jobs: [${job}] }\nlisten: { tokens: [hunter2], token: hunter2 }\n${receivers}`,
    );
    const { code, text } = await run(file);
    expect(text).not.toContain('hunter2');
    expect(code).toBe(1);
  });

  test('steps of alert policies that can never fire are told', async () => {
    const { text } = await run('rules/starter.yaml');
    expect(text).toContain('\n  step outage of policy standard never fires at 95 %, 99 %, 99.5 % over 30 days: ');
    const { notes } = JSON.parse((await run('rules/starter.yaml', 'json')).text) as { notes: readonly string[] };
    expect(notes.map((note) => note.split(' ')[1])).toEqual(['outage', 'busy-outage', 'busy-two-minutes']);
  });

  test('with a look at a Prometheus, they stand behind what was seen; of one that has nothing, no series are counted', async () => {
    const server = createServer((request, response) => {
      const isQuery = request.url!.startsWith('/api/v1/query');
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ status: 'success', data: isQuery ? { resultType: 'vector', result: [] } : [] }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { code, text } = await run('rules/starter.yaml', 'text', {
        live: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      });
      const [before, after] = text.split(/\nIt lacks .*\n/);
      expect(before).not.toContain(' never fires ');
      expect(before).not.toContain(' read 0 series');
      expect(after).toMatch(/^\nOf rules\/starter\.yaml itself:\n {2}step outage .* never fires /);
      expect(code).toBe(1);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });

  test.each(['examples/meshslo.yaml', 'rules/starter.yaml'])('%s is good', async (file) => {
    const { code, text } = await run(file);
    expect(text).toMatch(/ is good: /);
    expect(code).toBe(0);
  });

  test('a configuration that is not there is not a bad one: meshslo could not look', async () => {
    const { code, text } = await run(join(folder, 'absent.yaml'));
    expect(text).toMatch(/there is no such file[^]*meshslo init/);
    expect(code).toBe(2);
  });

  test('as JSON, a mistake is its code, place, message and hint', async () => {
    const { code, text } = await run('test/fixtures/config/every-mistake/meshslo.yaml', 'json');
    const { good, diagnostics } = JSON.parse(text) as { good: boolean; diagnostics: { code: string }[] };
    expect(good).toBe(false);
    expect(diagnostics.find(({ code: one }) => one === 'threshold-is-no-bucket-bound')).toMatchObject({
      severity: 'error',
      hint: '100ms or 250ms',
      position: { line: 7, column: 42, length: 5 },
    });
    expect(code).toBe(1);
  });

  test('colours are for people only', async () => {
    const file = 'test/fixtures/config/every-mistake/meshslo.yaml';
    expect((await run(file)).text).not.toContain('\u001b[');
    expect((await run(file, 'text', { color: true })).text).toContain('\u001b[31merror:');
  });
});

describe('meshslo init', () => {
  test('what it writes passes meshslo check', async () => {
    const file = join(folder, 'meshslo.yaml');
    await init({ out: file }, { color: false, write: () => undefined });
    expect((await run(file)).code).toBe(0);
  });

  test.each([
    {
      mesh: 'linkerd1',
      line: 'jvm:uptime 1.0\nrt:service:requests{rt="http", service="svc/web"} 1\n',
      why: 'a path is kept',
    },
    { mesh: 'nginx-ingress', line: 'nginx_ingress_controller_requests{status="200"} 1\n', why: 'counted' },
    { mesh: 'envoy', line: 'envoy_server_live{} 1\nenvoy_server_uptime{} 5\n', why: 'no request yet' },
    {
      mesh: 'istio',
      line: 'envoy_server_live{} 1\nistio_build{component="proxy",tag="1.24.3"} 1\n',
      why: 'no request yet',
    },
    { mesh: 'ztunnel', line: 'istio_build{component="ztunnel",tag="1.24.3"} 1\n', why: 'no connection yet' },
    { mesh: 'istio-ambient', line: 'istio_requests_total{reporter="waypoint"} 1\n', why: 'an Istio proxy, and more' },
    { mesh: 'linkerd2', line: 'request_total{direction="inbound"} 1\n', why: 'no response yet' },
  ])('from a target of $mesh it names that mesh, and passes: $why', async ({ mesh, line }) => {
    const source = join(folder, `${mesh}.prom`);
    writeFileSync(source, line);
    const file = join(folder, `${mesh}.yaml`);
    await init({ out: file, from: source }, { color: false, write: () => undefined });
    expect(readFileSync(file, 'utf8')).toContain(`mesh: ${mesh}\n`);
    expect((await run(file)).code).toBe(0);
  });

  test('what is of no mesh is refused, with the way to a pack of one’s own', async () => {
    const source = join(folder, 'other.prom');
    writeFileSync(source, 'up 1\n');
    const made = init({ out: join(folder, 'other.yaml'), from: source }, { color: false, write: () => undefined });
    await expect(made).rejects.toMatchObject({ code: 'bad-exposition' });
  });

  test('it never writes over a file', async () => {
    const file = join(folder, 'mine.yaml');
    writeFileSync(file, 'mine');
    await expect(init({ out: file }, { color: false, write: () => undefined })).rejects.toThrow(Failure);
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });
});
