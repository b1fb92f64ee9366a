import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { apply } from '../../src/cli/apply.js';
import { diff } from '../../src/cli/diff.js';
import { Ledger } from '../../src/ledger/ledger.js';
import { leastConfig } from '../config/workspace.js';
import { FakeGrafana } from '../support/apis/fake-grafana.js';

let folder: string;
let now: number;

const publish = `publish:
  grace: 7d
  to:
    - files: { name: rules, folder: out, contents: [rules] }
`;

const ofCart = 'service: shop/cart\nowner: team-shop\nslos: { availability: { objective: 99.95% } }\n';
const ofTill = '---\nservice: shop/till\ntier: critical\n';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meshslo-publishing-'));
  now = Date.UTC(2026, 10, 23, 10) / 1000;
  write('meshslo.yaml', `${leastConfig}slos: [slos.yaml]\n${publish}`);
  write('slos.yaml', ofCart);
});

afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): void {
  writeFileSync(join(folder, name), text);
}

type Verb = typeof diff;

async function run(verb: Verb, more: Partial<Parameters<Verb>[0]> = {}): Promise<{ code: number; text: string }> {
  let text = '';
  const terminal = { color: false, write: (part: string) => void (text += part) };
  const options = { config: join(folder, 'meshslo.yaml'), only: [], output: 'text' as const, overwriteEdits: false };
  return { code: await verb({ ...options, ...more }, terminal, now), text };
}

describe('meshslo diff and meshslo apply', () => {
  test('say what would be done, do it, and then have nothing to do', async () => {
    const before = await run(diff);
    expect(before.code).toBe(1);
    expect(before.text).toContain('rules\n  + file meshslo-alerts-standard.yaml  new\n');
    expect(before.text).toContain('6 new; 0 as wanted');
    expect(existsSync(join(folder, 'out'))).toBe(false);

    const first = await run(apply);
    expect(first.code).toBe(0);
    expect(first.text).toContain('✓ made file meshslo-recording.yaml');
    expect(first.text).toContain('6 done; 0 as wanted before');

    expect(await run(diff)).toEqual({ code: 0, text: 'rules\n  nothing differs: 6 as wanted\n' });
    expect(await run(apply)).toEqual({ code: 0, text: 'rules\n  nothing to do: 6 as wanted before\n' });
  });

  test('a change is shown line by line', async () => {
    await run(apply);
    write('slos.yaml', ofCart.replace('99.95%', '99.9%'));
    const { code, text } = await run(diff);
    expect(code).toBe(1);
    expect(text).toContain('  ~ file meshslo-objectives.yaml  changed\n      @@ -');
    expect(text).toMatch(/^ {6}- .*vector\(0\.9995\)$/m);
    expect(text).toMatch(/^ {6}\+ .*vector\(0\.999\)$/m);
  });

  test.each(['text', 'json'] as const)(
    'secrets of a configuration that ours is merged into are never shown (%s)',
    async (output) => {
      const own =
        'route:\n  receiver: a\n  group_wait: 30s\nreceivers:\n  - name: a\n    slack_configs:\n      - api_url: https://hooks.example/hidden-word\n';
      write('own.yaml', own);
      chmodSync(join(folder, 'own.yaml'), 0o600);
      const notifications =
        'notifications: { merge_into: own.yaml, receivers: [{ name: a, existing: true }], default: a }\n';
      const to = publish.replace('[rules]', '[alertmanager]');
      write('meshslo.yaml', `${leastConfig}slos: [slos.yaml]\n${notifications}${to}`);
      expect((await run(apply)).code).toBe(0);
      const merged = join(folder, 'out', 'alertmanager.yaml');
      expect(readFileSync(merged, 'utf8')).toContain('hidden-word');
      // Whoever may not read the one must not read the other; what its owner then allows, stays.
      expect(statSync(merged).mode & 0o777).toBe(0o600);
      chmodSync(merged, 0o640);
      write('own.yaml', own.replace('30s', '20s').replace('hidden-word', 'hidden-word-2'));
      const { code, text } = await run(diff, { output });
      expect(code).toBe(1);
      expect(text).toContain('group_wait: 20s');
      expect(text).not.toContain('hidden-word');
      expect((await run(apply)).code).toBe(0);
      expect(readFileSync(merged, 'utf8')).toContain('hidden-word-2');
      expect(statSync(merged).mode & 0o777).toBe(0o640);
    },
  );

  test('what nobody wants any more waits for its time', async () => {
    write('slos.yaml', ofCart + ofTill);
    await run(apply);
    write('slos.yaml', ofCart);
    expect((await run(diff)).text).toContain('- file meshslo-alerts-critical.yaml  nobody wants it any more');
    expect((await run(apply)).text).toContain('✓ retired file meshslo-alerts-critical.yaml');
    const waiting = await run(apply);
    expect(waiting.code).toBe(0);
    expect(waiting.text).toContain(
      '· file meshslo-alerts-critical.yaml  nobody wants it; goes after 2026-11-30 10:00 UTC',
    );
    expect((await run(diff)).code).toBe(0);
    now += 7 * 86_400;
    expect((await run(apply)).text).toContain('✓ removed file meshslo-alerts-critical.yaml');
    expect(readdirSync(join(folder, 'out'))).not.toContain('meshslo-alerts-critical.yaml');
  });

  test('what somebody has edited is left alone until asked', async () => {
    await run(apply);
    const file = join(folder, 'out', 'meshslo-watch.yaml');
    writeFileSync(file, 'groups: []\n');
    const kept = await run(apply);
    expect(kept.code).toBe(1);
    expect(kept.text).toContain('! file meshslo-watch.yaml was edited by somebody: it stays as it is');
    expect(kept.text).toContain('--overwrite-edits');
    expect((await run(diff)).text).toContain('      - groups: []');
    expect(readFileSync(file, 'utf8')).toBe('groups: []\n');
    expect((await run(apply, { overwriteEdits: true })).code).toBe(0);
    expect((await run(diff)).code).toBe(0);
  });

  test('as JSON, a pipeline has all of it', async () => {
    await run(apply);
    write('slos.yaml', ofCart.replace('99.95%', '99.9%'));
    const { code, text } = await run(diff, { output: 'json' });
    expect(code).toBe(1);
    const answer = JSON.parse(text) as { differs: boolean; destinations: { objects: { difference?: unknown }[] }[] };
    expect(answer.differs).toBe(true);
    expect(answer.destinations[0]!.objects).toContainEqual(
      expect.objectContaining({
        kind: 'file',
        identity: 'meshslo-objectives.yaml',
        standing: 'changed',
        act: 'replace',
      }),
    );
    expect(JSON.parse((await run(apply, { output: 'json' })).text)).toMatchObject({
      destinations: [{ destination: 'rules', changes: [{ outcome: 'done' }], kept: [] }],
    });
  });

  test('without a place, or with one that is not there, they say so', async () => {
    await expect(run(diff, { only: ['grafana'] })).rejects.toMatchObject({ hint: 'there are: rules' });
    write('meshslo.yaml', `${leastConfig}slos: [slos.yaml]\n`);
    await expect(run(diff)).rejects.toMatchObject({ code: 'bad-arguments' });
  });

  test('mistakes of the configuration are told, and nothing is done', async () => {
    write('slos.yaml', ofCart.replace('99.95%', '100%'));
    const { code, text } = await run(apply);
    expect(code).toBe(1);
    expect(text).toContain('objective-of-100-percent');
    // 1 would say that something differs.
    expect((await run(diff)).code).toBe(2);
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });

  test('a place that cannot be looked at is no place without differences', async () => {
    write('out', 'a file where the folder should be');
    const { code, text } = await run(diff);
    expect(code).toBe(2);
    expect(text).toMatch(/✗ .*out/);
    expect(JSON.parse((await run(diff, { output: 'json' })).text)).toMatchObject({
      differs: null,
      destinations: [{ destination: 'rules', failure: { code: 'file-unreadable' } }],
    });
  });
});

test('a page of HTML is nobody who was reached', async () => {
  const login = createServer((_, response) => response.end('<!doctype html><title>Sign in</title>')).listen(0);
  try {
    await once(login, 'listening');
    const { port } = login.address() as AddressInfo;
    const to = `publish: { to: [{ grafana: { name: g, url: 'http://127.0.0.1:${port}' } }] }\n`;
    write('meshslo.yaml', `${leastConfig}slos: [slos.yaml]\n${to}`);
    for (const verb of [diff, apply]) {
      const { code, text } = await run(verb);
      expect(text).toContain('answered with a page of HTML');
      expect(code).toBe(2);
    }
  } finally {
    login.close();
  }
});

describe('meshslo diff and meshslo apply on a Grafana', () => {
  test('tell boards by their titles, and one that is taken is left alone', async () => {
    const grafana = await new FakeGrafana().listen();
    try {
      write('token', 'glsa_right');
      const login = 'authorization: { bearer_token_file: token }';
      write(
        'meshslo.yaml',
        `${leastConfig}slos: [slos.yaml]\npublish: { to: [{ grafana: { name: g, url: '${grafana.url}', ${login} } }] }\n`,
      );
      grafana.forbidden.add('POST dashboards');
      const refused = await run(apply);
      expect(refused.code).toBe(2);
      expect(refused.text.match(/answered 403/g)).toHaveLength(1);
      expect(refused.text).toMatch(
        /✗ dashboard .*, dashboard .*, dashboard .* and \d+ more: .* answered 403: You'll need/,
      );
      grafana.forbidden.clear();
      const { text } = await run(diff);
      expect(text).toMatch(/\+ dashboard .*shop\/cart.* \(meshslo-svc-[0-9a-f]{24}\) {2}new/);
      const [, uid] = /\((meshslo-svc-[0-9a-f]{24})\)/.exec(text)!;
      grafana.put(uid!, { title: 'theirs' });
      const { code, text: applied } = await run(apply);
      expect(code).toBe(1);
      expect(applied).toMatch(/! dashboard .* is somebody else’s: it stays as it is/);
      expect(applied).toContain('to have meshslo’s beside them: rename or remove theirs there');
      expect(grafana.dashboards.get(uid!)!.model['title']).toBe('theirs');
      const before = grafana.writes;
      expect((await run(apply)).code).toBe(1);
      expect(grafana.writes).toBe(before);
    } finally {
      await grafana.close();
    }
  });

  test('mark what happened where there is a ledger that knows it, and leave alone what is marked where there is none', async () => {
    const grafana = await new FakeGrafana().listen();
    try {
      write('token', 'glsa_right');
      const login = 'authorization: { bearer_token_file: token }';
      const to = `publish: { to: [{ grafana: { name: g, url: '${grafana.url}', ${login}, annotations: 7d } }] }\n`;
      write('meshslo.yaml', `${leastConfig}ledger: ledger.db\nslos: [slos.yaml]\n${to}`);
      expect((await run(apply)).text).not.toContain('annotation');
      const ledger = Ledger.open(join(folder, 'ledger.db'));
      const service = { cluster: 'eu-1', namespace: 'shop', name: 'cart' };
      ledger.events.add([{ kind: 'deploy', at: now - 60, service, summary: 'cart went from 1 to 2', facts: {} }]);
      ledger.close();
      expect((await run(diff)).text).toContain(
        'g annotations\n  + annotation 2026-11-23 09:59 UTC cart went from 1 to 2 (',
      );
      expect((await run(apply)).text).toContain('✓ made annotation 2026-11-23 09:59 UTC cart went from 1 to 2');
      const before = grafana.writes;
      expect(await run(apply)).toMatchObject({ code: 0 });
      expect(grafana.writes).toBe(before);
      rmSync(join(folder, 'ledger.db'));
      now += 30 * 86_400;
      await run(apply);
      expect(grafana.annotations.size).toBe(1);
    } finally {
      await grafana.close();
    }
  });
});
