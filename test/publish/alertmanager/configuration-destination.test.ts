import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import type { AlertmanagerApiSettings } from '../../../src/config/publishing.js';
import { ConfigurationDestination } from '../../../src/publish/alertmanager/configuration-destination.js';
import { configurationObjects, shownText } from '../../../src/publish/alertmanager/configuration-text.js';
import { planOf } from '../../../src/publish/plan.js';
import { publish } from '../../../src/publish/publish.js';
import { FakeMimir } from '../../support/apis/fake-mimir.js';
import { noPatience } from '../patience.js';

const folder = mkdtempSync(join(tmpdir(), 'meshslo-configuration-'));
const hook = join(folder, 'slack');
afterAll(() => rmSync(folder, { recursive: true }));

const generated = `# Made by meshslo generate
route: { receiver: shop }
receivers:
  - name: shop
    slack_configs: [{ api_url_file: ${hook}, channel: '#shop' }]
    webhook_configs: [{ url: 'https://user:hidden-word@hook.example/x' }]
`;

let mimir: FakeMimir;
let destination: ConfigurationDestination;

beforeEach(async () => {
  writeFileSync(hook, 'https://hooks.example/T0/very-secret\n');
  mimir = await new FakeMimir('mimir').listen();
  const settings: AlertmanagerApiSettings = {
    kind: 'alertmanager',
    name: 'alertmanager',
    url: mimir.url,
    timeoutSeconds: 60,
    access: {},
    tenant: 'team-1',
  };
  destination = new ConfigurationDestination(settings, noPatience());
});

afterEach(async () => {
  await destination.close();
  await mimir.close();
});

const day = 86_400;
const desired = (text: string | undefined = generated) =>
  configurationObjects({
    rules: [],
    rulesInGroupsOf: () => [],
    tests: () => new Map(),
    alertmanager: text,
    notifications: undefined,
    dashboards: [],
  });

const plan = (text: string | undefined, now = 0, overwriteEdits = false) =>
  planOf(destination, text === undefined ? [] : desired(text), {
    set: 'prod',
    now,
    graceSeconds: 7 * day,
    overwriteEdits,
  });

const run = async (text: string | undefined = generated, now = 0, overwriteEdits = false) =>
  publish(await plan(text, now, overwriteEdits));

const none = async (now: number) =>
  publish(await planOf(destination, [], { set: 'prod', now, graceSeconds: 7 * day, overwriteEdits: false }));

const stored = (): string =>
  (parse(mimir.tenant('team-1').alertmanager ?? '') as { alertmanager_config: string }).alertmanager_config;

describe('the Alertmanager configuration of a tenant', () => {
  test('holds the secrets themselves, for it cannot read files; a second run writes nothing', async () => {
    expect((await run()).endings.map(({ failure }) => failure)).toEqual([undefined]);
    expect(stored()).toContain('api_url: https://hooks.example/T0/very-secret');
    const before = mimir.writes;
    expect(await run()).toMatchObject({ same: 1, endings: [] });
    expect(mimir.writes).toBe(before);
  });

  test('never shows them', async () => {
    await run();
    const { objects } = await plan(generated.replace('#shop', '#till'));
    const shown = `${objects[0]!.live!.content}${objects[0]!.desired!.content()}`;
    expect(shown).toContain('api_url: <secret>');
    expect(shown).not.toContain('very-secret');
    expect(shown).not.toContain('hidden-word');
  });

  test.each([
    ["webhook_configs: [{ url: 'https://hook.example/T0/hidden-word?a=b' }]", 'url: https://hook.example/<secret>'],
    ['sns_configs: [{ sigv4: { secret_key: hidden-word } }]', 'secret_key: <secret>'],
    ['smtp_auth_secret: hidden-word', 'smtp_auth_secret: <secret>'],
    ['rocketchat_configs: [{ token_id: hidden-word }]', 'token_id: <secret>'],
    ['http_config: { http_headers: { x-token: { secrets: [hidden-word] } } }', 'secrets: <secret>'],
    ['opsgenie_api_key: hidden-word', 'opsgenie_api_key: <secret>'],
  ])('never shows what opens something: %s', (text, shown) => {
    expect(shownText(text)).toContain(shown);
    expect(shownText(text)).not.toContain('hidden-word');
  });

  test.each([
    ['whole', 'unsupported scheme for URL "https://hooks.example/T0/very-secret"', 'for URL "<secret>"'],
    ['cut', `${'x'.repeat(270)} https://hooks.example/T0/very-secret`, 'x <secret>...'],
  ])('tells a refusal that holds a secret without it, were it %s', async (_how, why, told) => {
    mimir.fault = ({ method }) => (method === 'POST' ? { status: 400, body: why } : undefined);
    const { message } = (await run()).endings[0]!.failure!;
    expect(message).toContain(told);
    expect(message).not.toContain('hooks.example');
  });

  test('is written again when only a secret is another one', async () => {
    await run();
    writeFileSync(hook, 'https://hooks.example/T0/rotated\n');
    expect((await run()).endings).toHaveLength(1);
    expect(stored()).toContain('rotated');
  });

  test('that is somebody else’s is never touched', async () => {
    const theirs = stringify({
      template_files: {},
      alertmanager_config: 'route: { receiver: a }\nreceivers: [{ name: a }]\n',
    });
    mimir.tenant('team-1').alertmanager = theirs;
    expect((await run(generated, 0, true)).kept.map(({ standing }) => standing)).toEqual(['taken']);
    await none(0);
    await none(30 * day);
    expect(mimir.tenant('team-1').alertmanager).toBe(theirs);
  });

  test('that somebody has edited stays until it is asked to be written over', async () => {
    await run();
    const edited = stringify({ template_files: {}, alertmanager_config: stored().replace('#shop', '#by-hand') });
    mimir.tenant('team-1').alertmanager = edited;
    expect((await run()).kept.map(({ standing }) => standing)).toEqual(['edited']);
    expect(mimir.tenant('team-1').alertmanager).toBe(edited);
    await run(generated, 0, true);
    expect(stored()).toContain('#shop');
  });

  test('with templates that somebody has added is edited', async () => {
    await run();
    const config = stringify({ template_files: { 'a.tmpl': 'x' }, alertmanager_config: stored() });
    mimir.tenant('team-1').alertmanager = config;
    expect((await run()).kept).toHaveLength(1);
  });

  test('that changes between the look and the write is left alone', async () => {
    const found = await plan(generated);
    const theirs = stringify({ alertmanager_config: 'route: { receiver: a }\nreceivers: [{ name: a }]\n' });
    mimir.tenant('team-1').alertmanager = theirs;
    const { endings } = await publish(found);
    expect(endings[0]!.failure?.code).toBe('conflict');
    expect(mimir.tenant('team-1').alertmanager).toBe(theirs);
  });

  test('that nobody wants any more goes when its time is over', async () => {
    await run();
    await none(day);
    expect(stored()).toContain('retired=1970-01-02T00:00Z');
    expect(stored()).toContain('very-secret');
    await none(2 * day);
    expect(mimir.tenant('team-1').alertmanager).toBeDefined();
    await none(9 * day);
    expect(mimir.tenant('team-1').alertmanager).toBeUndefined();
  });

  test('without its secrets is not sent', () => {
    rmSync(hook);
    expect(() => desired()).toThrow(/cannot read .*slack: no such file/);
  });

  test('that is refused is told in the server’s words', async () => {
    const { endings } = await run('receivers: []\n');
    expect(endings[0]!.failure).toMatchObject({
      code: 'refused',
      message: `${mimir.url} answered 400: error validating Alertmanager config: no route provided in config`,
    });
  });

  test('at an address that has none is no empty one', async () => {
    mimir.fault = () => ({ status: 404, body: '404 page not found\n' });
    await expect(run()).rejects.toMatchObject({ code: 'not-found' });
    mimir.fault = () => ({ status: 200, body: '<html>' });
    await expect(run()).rejects.toMatchObject({ code: 'body-malformed' });
  });

  test('that is no YAML is not shown', () => expect(shownText('a: [')).toBe('# it is no YAML\n'));
});
