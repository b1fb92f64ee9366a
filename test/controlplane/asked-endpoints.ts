import { EndpointSet } from '../../src/controlplane/endpoint-set.js';
import type { EndpointClient, Question } from '../../src/controlplane/endpoint-client.js';
import { Failure } from '../../src/domain/failure.js';
import { BodyBuffers } from '../../src/scrape/http/body-buffer.js';
import { ByteBudget } from '../../src/scrape/http/byte-budget.js';
import { AnsweringServer, type Asked, type Said } from '../../src/simulator/answering-server.js';
import { TestClock } from '../scrape/test-clock.js';
import { at } from './observed-control-plane.js';

const closing: (() => Promise<void> | void)[] = [];

/** Ends everybody who was asked; after every test. */
export async function closeAsked(): Promise<void> {
  for (const close of closing.splice(0)) await close();
}

/** Has no answer in time to some questions, without anybody waiting for it. */
export function hangingAt(
  client: EndpointClient,
  isHanging: (path: string, posted?: string) => boolean,
): EndpointClient {
  const ask = client.json.bind(client);
  client.json = (path: string, question?: Question) =>
    isHanging(path, question?.posted)
      ? Promise.reject(new Failure('target-timeout', 'no whole answer in time'))
      : ask(path, question);
  return client;
}

/** Somebody who answers as told, by a clock of their own: an answer may let time pass. */
export async function askedEndpoint(
  answer: (asked: Asked, clock: TestClock) => Said | undefined,
): Promise<EndpointClient> {
  const clock = new TestClock(1_800_000_000);
  const server = new AnsweringServer((asked) => answer(asked, clock));
  await server.open();
  const set = new EndpointSet({
    name: 'asked',
    endpoints: at(server.address),
    defaultPort: 80,
    timeoutSeconds: 600,
    buffers: new BodyBuffers(new ByteBudget(4_194_304, 268_435_456)),
    clock,
  });
  await set.refresh();
  closing.push(
    () => set.close(),
    () => server.close(),
  );
  return set.clients[0]!;
}
