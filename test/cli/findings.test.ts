import { afterEach, describe, expect, test } from '@jest/globals';
import { showFindings } from '../../src/cli/findings.js';
import type { FindingList } from '../../src/server/api-types/finding.js';
import type { RunningServer } from '../../src/server/start-server.js';
import { keptFinding, MadeUpFindings, madeUpState } from '../server/made-up-findings.js';
import { MadeUpReader } from '../server/made-up-reader.js';
import { startMadeUp } from '../server/running.js';

let server: RunningServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function run(findings: MadeUpFindings, options: object = {}) {
  server = await startMadeUp(new MadeUpReader([]), { findings });
  let printed = '';
  const terminal = { write: (text: string) => void (printed += text), color: false };
  const code = await showFindings({ url: server.url, output: 'text', ...options }, terminal);
  return { code, printed };
}

const calm = { ...madeUpState, sources: madeUpState.sources.slice(0, 1) };

describe('meshslo findings', () => {
  test('tells by owner what is wrong and what to do, and who could not look', async () => {
    const all = [
      keptFinding('a'),
      keptFinding('b', { summary: 'checkout-2 is registered at 10.1.2.4, and no pod has this address' }),
      keptFinding('c', {
        kind: 'NoOwner',
        owner: undefined,
        subject: { service: 'cart' },
        summary: 'nobody',
        action: 'say',
      }),
    ];
    const { code, printed } = await run(new MadeUpFindings(all, [], madeUpState));
    expect(code).toBe(1);
    expect(printed).toBe(
      [
        '3 found; looked at 2026-03-02T12:00Z by 1 of 2 sources.',
        'consul dc1 cannot be looked at: Consul refuses (node:read is needed)',
        '',
        'payments',
        '  ▲ ZombieRegistration  berlin/shop/checkout/checkout-1  since 2026-03-02T11:45Z',
        '    checkout-1 is registered at 10.1.2.3, and no pod has this address',
        '  ▲ ZombieRegistration  berlin/shop/checkout/checkout-1  since 2026-03-02T11:45Z',
        '    checkout-2 is registered at 10.1.2.4, and no pod has this address',
        '    → deregister it',
        '',
        'nobody',
        '  ○ NoOwner  cart  since 2026-03-02T11:45Z',
        '    nobody',
        '    → say',
        '',
      ].join('\n'),
    );
  });

  test('nothing found by somebody is good news, and exit code 0', async () => {
    expect(await run(new MadeUpFindings([], [], calm))).toEqual({
      code: 0,
      printed: 'Nothing found; looked at 2026-03-02T12:00Z by 1 source.\n',
    });
  });

  test('nothing found of what was asked for does not say that nothing was found', async () => {
    const all = new MadeUpFindings([keptFinding('a')], [], calm);
    expect((await run(all, { owner: 'team-none', severity: 'warning' })).printed).toBe(
      'Nothing (warning) of team-none found; looked at 2026-03-02T12:00Z by 1 source.\n',
    );
  });

  test('nothing found because nobody looks is said', async () => {
    const { printed } = await run(new MadeUpFindings());
    expect(printed).toMatch(/^Nothing looks for trouble/);
  });

  test('what nobody is hurt by is exit code 0', async () => {
    expect((await run(new MadeUpFindings([keptFinding('a', { kind: 'NoOwner' })], [], calm))).code).toBe(0);
  });

  test('prints the API’s own JSON, filtered by kind and owner', async () => {
    const all = [keptFinding('a'), keptFinding('b', { owner: 'search' }), keptFinding('c', { kind: 'NoOwner' })];
    const { printed } = await run(new MadeUpFindings(all, [], calm), {
      output: 'json',
      kind: 'ZombieRegistration',
      owner: 'payments',
    });
    expect((JSON.parse(printed) as FindingList).findings.map(({ id }) => id)).toEqual(['a']);
  });
});
