import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { createApp } from '../../src/server/app.js';
import { LiveEvents } from '../../src/server/live-events.js';
import { liveState } from '../../src/server/live-state.js';
import type { RunningServer } from '../../src/server/start-server.js';
import { episode, MadeUpAlerts } from './made-up-alerts.js';
import { madeUpControlPlanes, madeUpRegistrySync } from './made-up-control-planes.js';
import { keptFinding, MadeUpFindings, madeUpState } from './made-up-findings.js';
import { SmallOffice } from './made-up-reports.js';
import { MadeUpReader, noon, slo, status, steadily, target } from './made-up-reader.js';
import { madeUpParts, startMadeUp } from './running.js';

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: unknown;
  readonly responses: Readonly<Record<string, { readonly content: Readonly<Record<string, { schema?: object }>> }>>;
}

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, object>>;
    readonly responses: Readonly<Record<string, { readonly headers: object; readonly content: object }>>;
  };
}

const reader = new MadeUpReader([
  status({ slo: slo(), total: 1_000_000, bad: 600, recent: steadily(20, 0.02), imported: 400 }),
  status({
    slo: slo({ name: 'latency', indicator: { kind: 'latency', thresholdSeconds: 0.25 } }),
    total: 0,
    bad: 0,
    coverage: 0,
  }),
  status({
    slo: slo({
      serviceName: 'slices',
      owner: undefined,
      window: { kind: 'calendar', period: 'month', timeZone: 'Europe/Berlin' },
      budgeting: { method: 'time-slices', sliceSeconds: 60, sliceObjective: 0.99 },
    }),
    total: 1000,
    bad: 0,
  }),
]);
const service = { cluster: 'berlin', namespace: 'shop', name: 'checkout' };
const failure = { code: 'target-timeout', message: 'no answer within 10 s', hint: 'look at the proxy' } as const;
reader.seen = [
  target({ services: [service] }),
  target({ id: 'b', up: false, failure, services: [service] }),
  target({ id: 'c', up: undefined, lastScrapeAt: undefined, lastSuccessAt: undefined }),
];
reader.watcher = {
  ...reader.watcher,
  failure,
  gaps: [{ from: 1, to: 2 }],
  places: [{ job: 'istio', kind: 'file', place: 'a.json', targets: 3, lastSuccessAt: undefined, failure }],
  refusedConfiguration: { at: 5, mistakes: 2 },
  importedOrigins: ['elsewhere'],
};
const mark = { by: 'Ada', at: 5, note: 'rolled back' };
const alerts = new MadeUpAlerts([episode('a', { acknowledged: mark }), episode('b', { endedAt: 5e9, noise: mark })]);

const deploy = { kind: 'deploy', at: noon - 60, service, summary: 'it went to 2', facts: { version: '2' } } as const;
const findings = new MadeUpFindings(
  [keptFinding('zombie'), keptFinding('over', { resolvedAt: noon })],
  [deploy],
  madeUpState,
);

const reports = new SmallOffice();
const row = {
  id: service,
  owner: undefined,
  mesh: 'istio',
  wanted: 'mtls',
  actual: 'injected',
  seen: undefined,
  paths: undefined,
  instances: 3,
  meshed: 2,
  isThere: false,
} as const;
const places = [{ name: 'consul dc1', currentAt: undefined, trouble: madeUpState.sources[1]!.trouble }];
const migration = { migration: () => [row, { ...row, isThere: undefined }], places };

let server: RunningServer;
let document: Document;
beforeAll(async () => {
  server = await startMadeUp(reader, {
    alerts,
    findings,
    migration,
    reports,
    controlPlanes: madeUpControlPlanes,
    registries: { registrySync: () => [madeUpRegistrySync] },
  });
  document = (await (await fetch(`${server.url}/api/v1/openapi.json`)).json()) as Document;
});
afterAll(async () => {
  await server.close();
  reports.close();
});

/** A request for every operation, with what stands for its parameters. */
const asked: Readonly<Record<string, readonly string[]>> = {
  'get /healthz': ['/healthz'],
  'get /readyz': ['/readyz'],
  'get /metrics': ['/metrics'],
  'get /api/v1/': ['/api/v1/'],
  'get /api/v1/openapi.json': ['/api/v1/openapi.json'],
  'get /api/v1/services': ['/api/v1/services'],
  'get /api/v1/service': ['/api/v1/service?id=berlin/shop/checkout&slo=latency'],
  'get /api/v1/services/{cluster}/{namespace}/{service}': [
    '/api/v1/services/berlin/shop/checkout',
    '/api/v1/services/berlin/shop/slices?from=1772000000&to=1772400000',
  ],
  'get /api/v1/slos': ['/api/v1/slos', '/api/v1/slos?service=nobody'],
  'get /api/v1/slo': ['/api/v1/slo?id=berlin/shop/checkout/latency&range=window'],
  'get /api/v1/slos/{cluster}/{namespace}/{service}/{slo}': ['/api/v1/slos/berlin/shop/checkout/availability'],
  'get /api/v1/alerts': ['/api/v1/alerts', '/api/v1/alerts?limit=1'],
  'get /api/v1/alerts/{id}': ['/api/v1/alerts/a', '/api/v1/alerts/b'],
  'post /api/v1/alerts/{id}/acknowledgement': ['/api/v1/alerts/a/acknowledgement'],
  'delete /api/v1/alerts/{id}/acknowledgement': ['/api/v1/alerts/a/acknowledgement'],
  'post /api/v1/alerts/{id}/noise': ['/api/v1/alerts/a/noise'],
  'delete /api/v1/alerts/{id}/noise': ['/api/v1/alerts/a/noise'],
  'get /api/v1/control-planes': ['/api/v1/control-planes'],
  'get /api/v1/migration': ['/api/v1/migration'],
  'get /api/v1/findings': ['/api/v1/findings', '/api/v1/findings?state=ended'],
  'get /api/v1/findings/{id}': ['/api/v1/findings/zombie'],
  'post /api/v1/reports': ['/api/v1/reports'],
  'get /api/v1/reports': ['/api/v1/reports', '/api/v1/reports?week=2026-W47&team=team-shop'],
  'get /api/v1/reports/{id}': ['/api/v1/reports/2026-W47', '/api/v1/reports/2026-W48'],
  'get /api/v1/reports/{id}/html': ['/api/v1/reports/2026-W47/html'],
  'get /api/v1/reports/{id}/text': ['/api/v1/reports/2026-W47/text'],
  'get /api/v1/reports/{id}/md': ['/api/v1/reports/2026-W47.team-shop/md'],
  'get /api/v1/reports/{id}/csv': ['/api/v1/reports/2026-W47/csv'],
  'get /api/v1/reports/{id}/json': ['/api/v1/reports/2026-W47/json'],
  'get /api/v1/reports/{id}/pictures/{name}': ['/api/v1/reports/2026-W47/pictures/budget-worst'],
  'get /api/v1/mesh-events': ['/api/v1/mesh-events?from=1'],
  'get /api/v1/targets': ['/api/v1/targets'],
  'get /api/v1/status': ['/api/v1/status'],
  'get /api/v1/events': ['/api/v1/events'],
};

/** What is sent, where that is no mark. */
const bodies: Readonly<Record<string, string>> = { 'post /api/v1/reports': '{"week":"2026-W47"}' };

function operations(): readonly (readonly [name: string, operation: Operation])[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [`${method} ${path}`, operation] as const),
  );
}

/** A schema of the document as a validator that lets nothing through that is not written down. */
function validator(schema: object): z.ZodType {
  const text = JSON.stringify({ ...strict(schema), $defs: strict(document.components.schemas) });
  return z.fromJSONSchema(JSON.parse(text.replaceAll('#/components/schemas/', '#/$defs/')) as never);
}

function strict(part: object): object {
  const copy = Object.fromEntries(
    Object.entries(part).map(([key, value]) => [
      key,
      Array.isArray(value)
        ? value.map((item: unknown) => (typeof item === 'object' && item !== null ? strict(item) : item))
        : typeof value === 'object' && value !== null
          ? strict(value as object)
          : (value as unknown),
    ]),
  );
  const isObject = copy['type'] === 'object' && copy['additionalProperties'] === undefined;
  return isObject ? { ...copy, additionalProperties: false } : copy;
}

describe('the OpenAPI document', () => {
  test('is of version 3.1 and every operation has a name of its own', () => {
    expect(document.openapi).toBe('3.1.1');
    const ids = operations().map(([, { operationId }]) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toContain('getServicesByClusterByNamespaceByService');
  });

  test('names every route that the server has, and no other', () => {
    const parts = madeUpParts(reader, { alerts });
    const app = createApp(parts, new LiveEvents(() => liveState(parts)));
    const found = routesOf(app.router);
    const undocumented = [
      'get /login',
      'post /login',
      'post /logout',
      'get /',
      'get /services/*rest',
      'get /alerts',
      'get /alerts/*rest',
      'get /control-plane',
      'get /findings',
      'get /migration',
      'get /findings/*rest',
      'get /reports',
      'get /reports/*rest',
    ];
    const documented = operations().map(([name]) => name.replace('/api/v1', ''));
    expect([...found].sort()).toEqual([...documented, ...undocumented].sort());
  });

  test('is asked for with every operation that it names', () => {
    expect(
      operations()
        .map(([name]) => name)
        .sort(),
    ).toEqual(Object.keys(asked).sort());
  });

  test.each(Object.entries(asked))('%s answers as it says', async (name, addresses) => {
    const operation = operations().find(([each]) => each === name)![1];
    const [method] = name.split(' ');
    for (const address of addresses) {
      const headers = { 'content-type': 'application/json' };
      const body = operation.requestBody === undefined ? {} : { body: bodies[name] ?? '{"note":"seen"}' };
      const response = await fetch(server.url + address, { method: method!.toUpperCase(), headers, ...body });
      expect([address, response.status]).toEqual([address, 200]);
      const [[mediaType, content] = []] = Object.entries(operation.responses['200']!.content);
      expect(response.headers.get('content-type')).toContain(mediaType);
      if (content?.schema) {
        const { error } = validator(content.schema).safeParse(await response.json());
        expect([address, error?.issues]).toEqual([address, undefined]);
      } else await response.body?.cancel();
    }
  });

  test.each([
    ['/api/v1/nothing', 404],
    ['/api/v1/alerts/nothing', 404],
    ['/api/v1/alerts?limit=0&state=x', 400],
  ])('a problem is one as it says: %s', async (address, expected) => {
    const response = await fetch(server.url + address);
    expect(response.status).toBe(expected);
    const { error } = validator({ $ref: '#/components/schemas/Problem' }).safeParse(await response.json());
    expect(error?.issues).toBeUndefined();
  });

  test('a method that a path does not have is answered as it says', async () => {
    const told = document.components.responses['MethodNotAllowed']!;
    expect(Object.keys(told.headers)).toEqual(['Allow']);
    for (const path of Object.keys(document.paths)) {
      const response = await fetch(server.url + path.replace(/\{\w+\}/g, 'x'), { method: 'PUT' });
      expect([path, response.status]).toEqual([path, 405]);
      const known = Object.keys(document.paths[path]!).map((method) => method.toUpperCase());
      expect(response.headers.get('allow')!.split(', ')).toEqual(expect.arrayContaining(known));
      const [mediaType] = Object.keys(told.content);
      expect(response.headers.get('content-type')).toContain(mediaType);
      await response.body?.cancel();
    }
  });

  test('says of every parameter that a path holds what it is', () => {
    for (const [name, { parameters = [] }] of operations()) {
      const inPath = parameters
        .filter((parameter) => parameter.in === 'path')
        .map((parameter) => `{${parameter.name}}`);
      expect([name, [...name.matchAll(/\{\w+\}/g)].map(([part]) => part)]).toEqual([name, inPath]);
    }
  });

  test('its schemas are what `npm run api-schemas` makes of the types', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['build/api-schemas.mjs', '--print']);
    expect(stdout).toBe(readFileSync('src/server/openapi/schemas.ts', 'utf8'));
  });
});

interface Layer {
  readonly route?: {
    readonly path: string | readonly string[];
    readonly stack: readonly { readonly method?: string }[];
  };
  readonly handle: { readonly stack?: readonly Layer[] };
}

/** Method and path of everything that a router answers, `/api/v1` left out; answers to wrong methods are no routes. */
function routesOf(router: { readonly stack: unknown }): readonly string[] {
  return (router.stack as readonly Layer[]).flatMap(({ route, handle }) => {
    if (!route) return handle.stack ? routesOf(handle as { stack: unknown }) : [];
    const methods = new Set(route.stack.flatMap(({ method }) => (method === undefined ? [] : [method])));
    return [route.path]
      .flat()
      .flatMap((path) => [...methods].map((method) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`));
  });
}
