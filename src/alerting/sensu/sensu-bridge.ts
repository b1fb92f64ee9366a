import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent, request } from 'undici';
import { isLoopback } from '../../config/loopback.js';
import { parsedJson } from '../../documents/parsed-json.js';
import type { Clock } from '../../domain/clock.js';
import { Failure, failureOf } from '../../domain/failure.js';
import { connectionFailure } from '../../scrape/http/connection-failure.js';
import { alertmanagerMessage } from './alertmanager-message.js';
import { sensuEvent } from './sensu-event.js';
import type { SensuSettings } from './sensu-event.js';

/** Where the bridge listens, and what it posts to. */
export interface BridgeSettings extends SensuSettings {
  readonly address: string;
  readonly port: number;
  /** An agent's `/events`, or a backend's `/api/core/v2/namespaces/NAME/events`. */
  readonly sensuUrl: string;
  /** Of a backend; an agent asks for none. */
  readonly apiKey: string | undefined;
  readonly timeoutSeconds: number;
  readonly clock: Clock;
  /** Told of everything that did not reach Sensu. */
  readonly onTrouble: (failure: Failure) => void;
}

/** A bridge that listens. */
export interface SensuBridge {
  readonly url: string;
  close(): Promise<void>;
}

/** Ten thousand alerts with their texts. */
const mostBytes = 16 * 1024 ** 2;

/**
 * Takes what Alertmanager posts to a webhook, and posts an event to Sensu for every alert of it.
 *
 * It keeps nothing: where Sensu does not take an event, Alertmanager is told so and tries again.
 *
 * @throws Failure `bad-arguments` for an address that others can reach: whoever can post could raise alarms;
 *   `address-in-use`
 */
export async function startSensuBridge(settings: BridgeSettings): Promise<SensuBridge> {
  const { address, port } = settings;
  if (!isLoopback(address)) {
    const hint = 'run it beside Alertmanager and listen on 127.0.0.1';
    throw new Failure('bad-arguments', `everybody who can reach ${address} could raise alarms`, { hint });
  }
  const agent = new Agent({ connections: 4 });
  const server = createServer({ requestTimeout: 15_000, headersTimeout: 10_000 }, (incoming, response) => {
    void answer(incoming, response, settings, agent);
  });
  server.listen(port, address);
  await once(server, 'listening').catch((cause: unknown) => {
    throw new Failure('address-in-use', `cannot listen on ${address}:${port}`, { cause });
  });
  return {
    url: `http://${address}:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      await agent.destroy();
    },
  };
}

async function answer(
  incoming: IncomingMessage,
  response: ServerResponse,
  settings: BridgeSettings,
  agent: Agent,
): Promise<void> {
  try {
    if (incoming.method !== 'POST') return void response.writeHead(405, { allow: 'POST' }).end();
    const message = alertmanagerMessage.safeParse(parsedJson(await bodyOf(incoming)));
    if (!message.success) return void response.writeHead(422).end('no message of an Alertmanager\n');
    for (const alert of message.data.alerts) {
      await post(JSON.stringify(sensuEvent(alert, settings, settings.clock.now())), settings, agent);
    }
    response.writeHead(200).end();
  } catch (error) {
    const failure = failureOf(error);
    settings.onTrouble(failure);
    // Alertmanager tries again after a 5xx only.
    if (!response.headersSent)
      response.writeHead(failure.code === 'body-too-large' ? 413 : 502).end(`${failure.message}\n`);
  }
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    for await (const piece of incoming as AsyncIterable<Buffer>) {
      length += piece.length;
      if (length > mostBytes) throw new Failure('body-too-large', `a message of more than ${mostBytes} bytes`);
      pieces.push(piece);
    }
  } catch (cause) {
    throw connectionFailure(cause);
  }
  return Buffer.concat(pieces).toString();
}

/** @throws Failure where Sensu does not take the event */
async function post(
  body: string,
  { sensuUrl, apiKey, timeoutSeconds }: BridgeSettings,
  dispatcher: Agent,
): Promise<void> {
  const signal = AbortSignal.timeout(timeoutSeconds * 1000);
  const headers = {
    'content-type': 'application/json',
    ...(apiKey !== undefined && { authorization: `Key ${apiKey}` }),
  };
  let status: number;
  try {
    const taken = await request(sensuUrl, { method: 'POST', dispatcher, headers, body, signal });
    await taken.body.dump();
    status = taken.statusCode;
  } catch (cause) {
    if (signal.aborted) throw new Failure('target-timeout', `Sensu did not answer within ${timeoutSeconds} s`);
    throw connectionFailure(cause);
  }
  if (status === 401) throw new Failure('unauthenticated', 'Sensu asks for another key');
  if (status < 200 || status > 299) throw new Failure('target-status', `Sensu answered with status ${status}`);
}
