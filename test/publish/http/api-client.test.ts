import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Failure } from '../../../src/domain/failure.js';
import { ApiClient } from '../../../src/publish/http/api-client.js';
import { SmallApi, type Told } from '../../support/apis/small-api.js';
import { noPatience } from '../patience.js';

class Answers extends SmallApi {
  told: readonly Told[] = [];

  protected answer(): Told {
    return this.told[Math.min(this.asked.length, this.told.length) - 1] ?? { status: 200, body: {} };
  }
}

const folder = mkdtempSync(join(tmpdir(), 'meshslo-client-'));
const tokenFile = join(folder, 'token');
let api: Answers;
let client: ApiClient;
let patience: ReturnType<typeof noPatience>;

beforeEach(async () => {
  api = await new Answers().listen();
  writeFileSync(tokenFile, 'very-secret-token\n');
  patience = noPatience();
  client = clientOf(api.url);
});

afterEach(async () => {
  await client.close();
  await api.close();
  rmSync(tokenFile, { force: true });
});

function clientOf(url: string, timeoutSeconds = 60): ApiClient {
  const access = { authorization: { kind: 'bearer' as const, tokenFile } };
  return new ApiClient({ url, timeoutSeconds, access }, { 'x-scope-orgid': 'team-1' }, patience);
}

async function failureOf(method: 'GET' | 'POST' = 'POST'): Promise<Failure> {
  const error: unknown = await client.askJson({ method, path: '/api/x?y=1', body: '{"secret":"in the body"}' }).then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (error instanceof Failure) return error;
  throw new Error('it did not fail');
}

describe('what an API refuses', () => {
  test.each<[number, unknown, string, string, string]>([
    [400, { message: 'bad panel' }, 'refused', 'answered 400: bad panel', ''],
    [401, { message: 'Unauthorized' }, 'unauthenticated', 'answered 401: Unauthorized', 'bearer_token_file'],
    [403, { message: 'no right' }, 'forbidden', 'answered 403: no right', 'docs/publishing.md'],
    [404, 'page not found', 'not-found', 'answered 404: page not found', 'with its prefix'],
    [405, '', 'not-found', 'answered 405', 'with its prefix'],
    [409, { message: 'changed' }, 'conflict', 'answered 409: changed', 'somebody else'],
    [
      412,
      { message: 'changed', status: 'version-mismatch' },
      'conflict',
      '412: changed (version-mismatch)',
      'somebody',
    ],
    [413, 'x'.repeat(900), 'refused', `${'x'.repeat(300)}...`, ''],
    [422, { status: 'error', error: 'no rule' }, 'refused', 'answered 422: no rule', ''],
    [302, '', 'refused', 'leads elsewhere (status 302)', 'login page'],
  ])('with %i is final, and is told with what to do', async (status, body, code, message, hint) => {
    api.told = [{ status, body }];
    const failure = await failureOf();
    expect(failure.code).toBe(code);
    expect(failure.message).toContain(message);
    expect(failure.message).toContain(api.url);
    expect(failure.hint ?? '').toContain(hint);
    expect(api.asked).toHaveLength(1);
  });

  test.each([500, 502, 503, 504, 429])(
    'with %i is asked four times, longer and longer after each other',
    async (status) => {
      api.told = [{ status, body: '<html>Bad Gateway</html>' }];
      expect(await failureOf()).toMatchObject({
        code: 'target-status',
        message: `${api.url} answered ${status}: a page of HTML`,
      });
      expect(api.asked).toHaveLength(4);
      expect(patience.waited).toEqual([1, 2, 4]);
    },
  );

  test('is asked again when it said it may be, and then it is well', async () => {
    api.told = [
      { status: 429, headers: { 'retry-after': '17' } },
      { status: 200, body: { good: true } },
    ];
    expect(await client.askJson({ method: 'GET', path: '/' })).toEqual({ status: 200, body: { good: true } });
    expect(patience.waited).toEqual([17]);
  });

  test('a date to come back at is understood, too', async () => {
    const at = new Date(Date.now() + 30_000).toUTCString();
    api.told = [
      { status: 503, headers: { 'retry-after': at } },
      { status: 200, body: {} },
    ];
    await client.askJson({ method: 'GET', path: '/' });
    expect(patience.waited[0]).toBeGreaterThan(0);
    expect(patience.waited[0]).toBeLessThanOrEqual(30);
  });

  test('one that asks for an hour is left to the next run', async () => {
    api.told = [{ status: 429, headers: { 'retry-after': '3600' } }];
    expect(await failureOf()).toMatchObject({
      code: 'target-status',
      hint: 'it asks to be left alone for 1h; the next run after that tries again',
    });
    expect(api.asked).toHaveLength(1);
  });
});

describe('what is no answer', () => {
  test('nobody listens', async () => {
    const { url } = api;
    await api.close();
    expect(await failureOf()).toMatchObject({ code: 'target-unreachable', message: `${url}: connection refused` });
    expect(patience.waited).toEqual([1, 2, 4]);
    api = await new Answers().listen();
  });

  test('one that hangs is given up in time', async () => {
    api.fault = () => ({ status: 0, instead: 'hang' });
    await client.close();
    client = clientOf(api.url, 0.4);
    expect(await failureOf()).toMatchObject({
      code: 'target-timeout',
      message: `${api.url} gave no whole answer within 0.4 s`,
      hint: 'see what keeps it busy, or give it longer: timeout',
    });
  });

  test('one that breaks off is told in words', async () => {
    api.fault = () => ({ status: 0, instead: 'cut' });
    expect((await failureOf()).message).toBe(`${api.url}: the connection was closed before a whole answer`);
  });

  test('one that was lost is not asked for twice where it was done', async () => {
    api.fault = () => {
      api.fault = () => undefined;
      return { status: 0, loseAnswer: true };
    };
    const isDone = (): Promise<boolean> => Promise.resolve(api.asked.length > 0);
    expect(await client.ask({ method: 'POST', path: '/api/x', isDone })).toEqual({ status: 200, text: '' });
    expect(api.asked).toHaveLength(1);
  });

  test('a page of HTML where JSON was asked for', async () => {
    api.told = [{ status: 200, body: '<!doctype html><title>Login</title>' }];
    expect(await failureOf()).toMatchObject({
      code: 'body-malformed',
      message: `${api.url} answered with a page of HTML`,
      hint: expect.stringContaining('login page') as unknown as string,
    });
  });

  test('one that speaks no TLS', async () => {
    client = clientOf(api.url.replace('http:', 'https:'));
    expect(await failureOf()).toMatchObject({
      code: 'target-unreachable',
      hint: expect.stringContaining('https://') as unknown,
    });
  });

  test('a huge one is given up', async () => {
    api.told = [{ status: 200, body: 'x'.repeat(65 * 1024 ** 2) }];
    client = new ApiClient({ url: api.url, timeoutSeconds: 60, access: {} }, {}, patience);
    expect(await failureOf('GET')).toMatchObject({ code: 'body-too-large' });
    expect(api.asked).toHaveLength(1);
  });
});

describe('secrets', () => {
  test('are sent, and never told', async () => {
    api.told = [{ status: 403, body: { message: 'no' } }];
    const failure = await failureOf();
    expect(api.asked[0]!.headers).toMatchObject({
      authorization: 'Bearer very-secret-token',
      'x-scope-orgid': 'team-1',
    });
    const told = `${failure.message} ${failure.hint ?? ''} ${JSON.stringify(failure)} ${failure.stack ?? ''}`;
    expect(told).not.toContain('very-secret-token');
    expect(told).not.toContain('in the body');
  });

  test('are read again when their file changes', async () => {
    await client.ask({ method: 'GET', path: '/' });
    writeFileSync(tokenFile, 'another-secret-token\n');
    await client.ask({ method: 'GET', path: '/' });
    expect(api.asked.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer very-secret-token',
      'Bearer another-secret-token',
    ]);
  });

  test('that are not there keep everything from being sent', async () => {
    rmSync(tokenFile);
    expect(await failureOf()).toMatchObject({ code: 'file-unreadable' });
    expect(api.asked).toEqual([]);
  });

  test('controls in an answer reach no terminal', async () => {
    api.told = [{ status: 400, body: { message: 'red \u001b[31m text' } }];
    expect((await failureOf()).message).toBe(`${api.url} answered 400: red \ufffd[31m text`);
  });
});

describe('a client that is closed', () => {
  test('is patient with nobody, and asks nothing more', async () => {
    api.told = [{ status: 503, body: '' }];
    patience = { ...noPatience(), pause: async () => client.close() };
    client = clientOf(api.url);
    expect((await failureOf()).code).toBe('target-status');
    expect((await failureOf()).code).toBe('target-unreachable');
    expect(api.asked).toHaveLength(1);
  });
});
