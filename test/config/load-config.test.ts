import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { leastConfig, plainPack, shortly, Workspace } from './workspace.js';

let workspace: Workspace;
beforeEach(() => {
  workspace = new Workspace();
});
afterEach(() => {
  workspace.remove();
});

const goodToken = 'correct-horse-battery-staple';

describe('the least that can be said', () => {
  test('the rest is as usual: loopback, 15 s, the pack’s path and filter', () => {
    const { config } = workspace.load({ 'meshslo.yaml': leastConfig });
    expect(config).toMatchObject({
      cluster: 'eu-1',
      listen: { address: '127.0.0.1', port: 8080, authentication: { kind: 'none', explicit: false } },
      ledgerPath: join(workspace.folder, '.meshslo/ledger.db'),
      scrape: {
        concurrency: 64,
        jobs: [
          {
            name: 'sidecars',
            cluster: 'eu-1',
            intervalSeconds: 15,
            timeoutSeconds: 10,
            scheme: 'http',
            path: '/stats/prometheus',
            filterParams: { filter: expect.stringContaining('istio_requests_total') },
            gzip: true,
            access: {},
            targets: [{ kind: 'static', groups: [{ targets: ['127.0.0.1:15090'], labels: {} }] }],
          },
        ],
      },
    });
  });

  test('a section that is missing is one mistake', () => {
    const { diagnostics } = workspace.load({ 'meshslo.yaml': 'cluster: eu-1\n' });
    expect(diagnostics.map(({ message }) => message)).toEqual(['scrape is missing']);
  });

  test('an interval of 5 s leaves 5 s for a scrape', () => {
    const file = leastConfig.replace('scrape:\n', 'scrape:\n  interval: 5s\n');
    expect(workspace.load({ 'meshslo.yaml': file }).config?.scrape.jobs[0]).toMatchObject({ timeoutSeconds: 5 });
  });

  test('a job says what is different about it', () => {
    const file = `${leastConfig}      cluster: us-2
      interval: 30s
      scheme: https
      path: /metrics
      params: { usedonly: [''] }
      use_filter: false
      gzip: false
      tls: { ca_file: ca.pem, server_name: web }
      authorization: { bearer_token_file: token }
`;
    const at = (name: string): string => join(workspace.folder, name);
    const { config, diagnostics } = workspace.load({ 'meshslo.yaml': file, 'ca.pem': '', token: '' });
    expect(diagnostics).toEqual([]);
    expect(config?.scrape.jobs[0]).toMatchObject({
      cluster: 'us-2',
      intervalSeconds: 30,
      path: '/metrics',
      params: { usedonly: [''] },
      filterParams: {},
      gzip: false,
      access: {
        tls: { caFile: at('ca.pem'), serverName: 'web' },
        authorization: { kind: 'bearer', tokenFile: at('token') },
      },
    });
  });
});

describe('who may come in', () => {
  const listen = (text: string): string => `${leastConfig}listen: ${text}\n`;
  test.each([
    { text: '{ address: "::1" }', is: [], why: 'loopback' },
    { text: '{ address: 127.9.9.9 }', is: [], why: 'loopback is a whole network' },
    { text: '{ address: localhost }', is: [], why: 'loopback by name' },
    {
      text: '{ address: 0.0.0.0 }',
      is: ['open-listener 7:20 (write listen.tokens, or say that you want it so: authentication: none)'],
      why: 'everybody',
    },
    { text: '{ address: 10.0.0.1, authentication: none }', is: [], why: 'wanted so' },
    {
      text: '{ address: localhost.example }',
      is: ['open-listener 7:20 (write listen.tokens, or say that you want it so: authentication: none)'],
      why: 'a name that may mean anything',
    },
    { text: '{ address: 0.0.0.0, tokens: [{ name: a, role: viewer, file: good }] }', is: [], why: 'a token' },
    {
      text: '{ address: 0.0.0.0, tokens: [{ name: a, role: editor, env: TOKEN }] }',
      is: [],
      why: 'a token from outside',
    },
    {
      text: '{ tokens: [{ name: a, role: viewer, file: short }] }',
      is: ['bad-token 7:51 (openssl rand -hex 32 makes a good one)'],
      why: 'too easy to guess',
    },
    { text: '{ tokens: [{ name: a, role: viewer, env: NOTHING }] }', is: ['bad-token 7:50'], why: 'nothing there' },
    {
      text: '{ authentication: none, tokens: [{ name: a, role: viewer, file: good }] }',
      is: ['authentication-contradiction 7:27 (keep one)'],
      why: 'both at once',
    },
    {
      text: '{ tokens: [{ name: a, role: viewer, file: good }, { name: a, role: editor, file: good }] }',
      is: ['duplicate-token 7:67'],
      why: 'who was it?',
    },
  ])('$text: $why', ({ text, is }) => {
    const files = { 'meshslo.yaml': listen(text), good: `${goodToken}\n`, short: 'hunter2' };
    const loaded = workspace.load(files, { TOKEN: goodToken });
    expect(shortly(loaded)).toEqual(is);
    expect(loaded.config === undefined).toBe(is.length > 0);
  });

  test('no token is part of a configuration', () => {
    const { config } = workspace.load({
      'meshslo.yaml': listen('{ tokens: [{ name: a, role: viewer, file: good }] }'),
      good: goodToken,
    });
    expect(JSON.stringify(config)).not.toContain(goodToken);
  });
});

describe('mistakes between values', () => {
  test.each([
    {
      add: '      timeout: 20s\n',
      is: ['timeout-above-interval 7:16 (a target is never read twice at once)'],
      why: 'overlap',
    },
    {
      add: '    - { name: sidecars, mesh: istio, targets: [{ static: [a:1] }] }\n',
      is: ['duplicate-job 7:15'],
      why: 'twice',
    },
    {
      add: '    - { name: b, mesh: isto, targets: [{ static: [a:1] }] }\n',
      is: ['unknown-mesh 7:24 (did you mean istio?)'],
      why: 'typo',
    },
    {
      add: 'tiers: [{ tier: gold }]\n',
      is: ['unknown-tier 7:17 (known: critical, standard, best-effort)'],
      why: 'no tier',
    },
    { add: 'defaults: mine.yaml\n', is: ['file-unreadable 1:1'], why: 'no file' },
    { add: "slos: ['nowhere/*.yaml']\n", is: ['no-such-file 7:8'], why: 'a warning only' },
    { add: 'slos: [absent.yaml]\n', is: ['file-unreadable 1:1'], why: 'named, so it must be there' },
    {
      add: '      tls: { ca_file: absent.pem }\n',
      is: ['file-unreadable 7:23 (until it is there, every scrape of the job fails)'],
      why: 'a warning only: it may be mounted later',
    },
    {
      add: '      authorization: { bearer_token_file: t }\n      basic_auth: { username: u, password_file: t }\n',
      is: ['two-authorizations 8:7 (keep one)'],
      why: 'one header, two contents',
    },
    { add: '---\ncluster: other\n', is: ['second-document 8:1 (remove the ---)'], why: 'which one?' },
  ])('$add$why', ({ add, is }) => {
    expect(shortly(workspace.load({ 'meshslo.yaml': leastConfig + add, t: '' }))).toEqual(is);
  });

  test('a mistake in meshslo.yaml hides none in an SLO file or in a pack', () => {
    const loaded = workspace.load({
      'meshslo.yaml': `slos: [slo.yaml]\npacks: [pack.yaml]\n`,
      'slo.yaml': 'service: x\n',
      'pack.yaml': 'pack: Mine\n',
    });
    const files = new Set(loaded.diagnostics.map(({ position }) => position?.file.slice(workspace.folder.length + 1)));
    expect([...files].sort()).toEqual(['meshslo.yaml', 'pack.yaml', 'slo.yaml']);
    expect(loaded.config).toBeUndefined();
    expect(loaded.files).toHaveLength(3);
  });

  test.each([
    {
      slo: 'slos: { latency: { objective: 100%, threshold: 300ms } }\n',
      is: ['objective-of-100-percent', 'threshold-is-no-bucket-bound'],
      why: 'beside it',
    },
    {
      slo: 'ownr: me\nslos: { latency: { objective: 99%, threshold: 300ms } }\n',
      is: ['unknown-key', 'threshold-is-no-bucket-bound'],
      why: 'above it',
    },
    { slo: 'slos: { latency: { threshold: fast } }\n', is: ['bad-duration'], why: 'a threshold that is none is one' },
  ])('a threshold is looked at whatever else is wrong: $why', ({ slo, is }) => {
    const files = { 'meshslo.yaml': `${leastConfig}slos: [slo.yaml]\n`, 'slo.yaml': `service: shop/web\n${slo}` };
    expect(workspace.load(files).diagnostics.map(({ code }) => code)).toEqual(is);
  });

  test('a pack of one’s own is a mesh like the shipped ones', () => {
    const files = {
      'meshslo.yaml': `${leastConfig.replace('istio', 'mine')}packs: ['*.pack.yaml']\n`,
      'm.pack.yaml': plainPack('mine'),
    };
    const loaded = workspace.load(files);
    // The defaults promise a latency and the mesh's share, which this mesh does not measure: its services go without.
    expect(loaded.diagnostics).toMatchObject([
      { severity: 'warning', code: 'defaults-not-offered', message: 'not every default: mine (latency, mesh)' },
    ]);
    expect(loaded.config).toBeDefined();
    const defaults = 'default_tier: all\ntiers: { all: { slos: { availability: { objective: 99% } } } }\n';
    const better = workspace.load({ 'meshslo.yaml': `${files['meshslo.yaml']}defaults: d.yaml\n`, 'd.yaml': defaults });
    expect(better.diagnostics).toEqual([]);
    expect(better.config?.scrape.jobs[0]?.pack.title).toBe('A mesh without buckets');
  });

  const second = "    - { name: b, mesh: mine, targets: [{ static: ['a:1'] }] }\n";
  test.each([
    { jobs: 'mine', slos: 'a: { objective: 99%, filter: { caller: web } }', is: ['filter-without-label 2:40'] },
    { jobs: 'mine', slos: 'a: { objective: 99%, threshold: 250ms }', is: ['no-latency 2:41'] },
    { jobs: 'mine', slos: 'latency: { objective: 95% }', is: ['no-latency 2:9'] },
    {
      jobs: 'mine',
      slos: 'a: { objective: 99%, perspective: union }',
      is: ['no-perspective 2:43 (it has server, client)'],
    },
    {
      jobs: 'both',
      slos: 'latency: { objective: 95% }',
      is: ['unmeasured-by-some 2:9 (say which mesh counts: mesh: istio)'],
    },
    {
      jobs: 'both',
      slos: 'latency: { objective: 95% } }\nmesh: istio # {',
      is: [],
    },
    {
      jobs: 'both',
      slos: 'a: { objective: 99%, threshold: 300ms }',
      is: ['threshold-is-no-bucket-bound 2:41 (250ms or 500ms)', 'no-latency 2:41'],
    },
  ])('with jobs of $jobs: $slos', ({ jobs, slos, is }) => {
    const config = jobs === 'both' ? leastConfig + second : leastConfig.replace('istio', 'mine');
    const loaded = workspace.load({
      'meshslo.yaml': `${config}packs: ['*.pack.yaml']\nslos: [slo.yaml]\n`,
      'm.pack.yaml': plainPack('mine'),
      'slo.yaml': `service: shop/x\nslos: { ${slos} }\n`,
    });
    expect(shortly(loaded).filter((one) => !one.startsWith('defaults-not-offered'))).toEqual(is);
  });

  test('a service that is counted through a mesh without a job is told so', () => {
    const loaded = workspace.load({
      'meshslo.yaml': `${leastConfig}packs: ['*.pack.yaml']\nslos: [slo.yaml]\n`,
      'm.pack.yaml': plainPack('mine'),
      'slo.yaml': 'service: shop/x\nmesh: mine\n',
    });
    expect(shortly(loaded)).toEqual(['mesh-without-job 2:7 (meshes of jobs: istio)']);
    expect(loaded.config).toBeDefined();
  });

  test('a threshold in defaults of one’s own that is no bound of any mesh is a mistake', () => {
    const defaults = 'default_tier: all\ntiers: { all: { slos: { l: { objective: 99%, threshold: 300ms } } } }\n';
    const loaded = workspace.load({ 'meshslo.yaml': `${leastConfig}defaults: d.yaml\n`, 'd.yaml': defaults });
    expect(shortly(loaded)).toContain('threshold-is-no-bucket-bound 2:57 (250ms or 500ms)');
    expect(loaded.config).toBeUndefined();
  });
});
