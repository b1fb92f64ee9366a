import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { describeChanges } from '../../src/config/config-changes.js';
import { leastConfig, shortly, Workspace } from './workspace.js';

let workspace: Workspace;
beforeEach(() => {
  workspace = new Workspace();
});
afterEach(() => workspace.remove());

const load = (publish: string) => workspace.load({ 'meshslo.yaml': `${leastConfig}${publish}` });

describe('the section publish', () => {
  test('is not there, and nothing is published', () => {
    expect(load('').config?.publish).toBeUndefined();
  });

  test('of the least of every kind has what is usual', () => {
    writeFileSync(join(workspace.folder, 'token'), 'x');
    const { config, diagnostics } = load(`publish:
  to:
    - files: { folder: rules, reload: ['http://127.0.0.1:9090/'] }
    - grafana: { url: 'https://grafana.example/', authorization: { bearer_token_file: token } }
    - ruler: { url: 'http://mimir.example', api: mimir, tenant: team-1 }
    - alertmanager: { url: 'http://mimir.example', tenant: team-1 }
    - kubernetes: { url: 'https://cluster.example', namespace: monitoring }
`);
    expect(diagnostics).toEqual([]);
    const http = { timeoutSeconds: 30, access: {} };
    expect(config!.publish).toEqual({
      set: 'eu-1',
      graceSeconds: 7 * 86_400,
      everySeconds: 900,
      destinations: [
        {
          kind: 'files',
          name: 'files rules',
          folder: join(workspace.folder, 'rules'),
          contents: ['rules', 'alertmanager'],
          reloads: [{ url: 'http://127.0.0.1:9090', ...http }],
        },
        {
          kind: 'grafana',
          name: 'grafana https://grafana.example',
          url: 'https://grafana.example',
          timeoutSeconds: 30,
          access: { authorization: { kind: 'bearer', tokenFile: join(workspace.folder, 'token') } },
          annotationsSeconds: 30 * 86_400,
          folder: { uid: 'meshslo-eu-1', title: 'Service mesh' },
        },
        {
          kind: 'ruler',
          name: 'ruler http://mimir.example team-1',
          url: 'http://mimir.example',
          ...http,
          api: 'mimir',
          tenant: 'team-1',
          namespace: 'meshslo-eu-1',
          checkLimits: true,
        },
        {
          kind: 'alertmanager',
          name: 'alertmanager http://mimir.example team-1',
          url: 'http://mimir.example',
          ...http,
          tenant: 'team-1',
        },
        {
          kind: 'kubernetes',
          name: 'kubernetes monitoring',
          url: 'https://cluster.example',
          ...http,
          namespace: 'monitoring',
          labels: {},
          dashboards: 'config-map',
          rules: true,
          alertmanagerSecret: undefined,
        },
      ],
    });
  });

  test('of a pod needs no address of its cluster', () => {
    const [settings] = load(`publish: { to: [{ kubernetes: { namespace: monitoring } }] }\n`).config!.publish!
      .destinations;
    expect(settings).toMatchObject({
      url: 'https://kubernetes.default.svc',
      access: { authorization: { tokenFile: '/var/run/secrets/kubernetes.io/serviceaccount/token' } },
    });
  });

  test.each([
    [
      'a kind that nobody knows',
      '{ to: [{ grafna: { url: http://g } }] }',
      ['unknown-key 7:18 (did you mean grafana?)'],
    ],
    [
      'a secret in the open',
      '{ to: [{ grafana: { url: "http://me:word@g" } }] }',
      ['secret-in-the-open 7:34 (write basic_auth with password_file)'],
    ],
    [
      'a token in the open',
      '{ to: [{ grafana: { url: http://g, authorization: { bearer_token_file: t, bearer_token: x } } }] }',
      ['secret-in-the-open'],
    ],
    ['an address with a question', '{ to: [{ ruler: { url: "http://m?x=1", api: mimir } }] }', ['bad-url']],
    ['a ruler of nobody', '{ to: [{ ruler: { url: http://m, api: thanos } }] }', ['wrong-value']],
    ['a name that no place takes', '{ name: Prod EU, to: [] }', ['bad-set-name']],
    ['a tenant that is no header', '{ to: [{ alertmanager: { url: http://m, tenant: "a b" } }] }', ['wrong-value']],
    ['two of a name', '{ to: [{ files: { folder: a } }, { files: { folder: a } }] }', ['duplicate-destination']],
    [
      'two of a folder',
      '{ to: [{ files: { folder: a } }, { files: { name: b, folder: ./a } }] }',
      ['duplicate-folder'],
    ],
    [
      'two of a namespace',
      '{ to: [{ kubernetes: { namespace: m } }, { kubernetes: { name: b, namespace: m, dashboards: none } }] }',
      ['duplicate-namespace'],
    ],
    [
      'two of one Grafana',
      '{ to: [{ grafana: { name: a, url: http://g/ } }, { grafana: { name: b, url: http://g, folder: Other } }] }',
      ['duplicate-grafana'],
    ],
    [
      'two of one tenant',
      '{ to: [{ ruler: { name: a, url: http://m, api: mimir } }, { ruler: { name: b, url: http://m, api: mimir } }] }',
      ['duplicate-tenant'],
    ],
    ['no namespace', '{ to: [{ kubernetes: { namespace: Monitoring } }] }', ['wrong-value']],
    ['an endless grace', '{ grace: 4000d }', ['duration-out-of-range']],
  ])('with %s is refused where it stands', (_why, written, mistakes) => {
    const found = shortly(load(`publish: ${written}\n`));
    expect(found).toHaveLength(mistakes.length);
    mistakes.forEach((mistake, index) => expect(found[index]).toContain(mistake.split(' ')[0]!));
  });

  test.each([
    [
      'two organisations of one Grafana',
      '[{ grafana: { name: a, url: http://g, authorization: { bearer_token_file: a } } }, { grafana: { name: b, url: http://g, authorization: { bearer_token_file: b } } }]',
    ],
    [
      'two tenants',
      '[{ ruler: { url: http://m, api: mimir, tenant: a } }, { ruler: { url: http://m, api: mimir, tenant: b } }]',
    ],
    [
      'two namespaces of a tenant',
      '[{ ruler: { url: http://m, api: mimir } }, { ruler: { name: b, url: http://m, api: mimir, namespace: b } }]',
    ],
    ['the two halves of a Mimir', '[{ ruler: { url: http://m, api: mimir } }, { alertmanager: { url: http://m } }]'],
  ])('%s are two places', (_why, to) => {
    const { diagnostics } = load(`publish: { to: ${to} }\n`);
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  test('a file of a secret that is not there yet is a warning', () => {
    const { config, diagnostics } = load(
      `publish: { to: [{ grafana: { url: http://g, authorization: { bearer_token_file: later } } }] }\n`,
    );
    expect(config).toBeDefined();
    expect(diagnostics).toMatchObject([
      {
        severity: 'warning',
        code: 'file-unreadable',
        hint: expect.stringContaining('nothing is published') as unknown,
      },
    ]);
  });

  test('a change of it is told in its words', () => {
    const before = load(`publish: { to: [{ files: { name: rules, folder: a } }] }\n`).config!;
    const after = load(`publish: { grace: 1d, to: [{ files: { name: rules, folder: b } }] }\n`).config!;
    expect(describeChanges(before, after)).toEqual(['~ publish.grace: 7d -> 1d', '~ publish.to.rules.folder: a -> b']);
  });
});
