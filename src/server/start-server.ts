import { once } from 'node:events';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../domain/failure.js';
import { assertSafeListen } from './authentication.js';
import type { AppParts } from './app.js';
import { createApp } from './app.js';
import { LiveEvents } from './live-events.js';
import { liveState } from './live-state.js';

/** What the server needs. */
export interface ServerParts extends AppParts {
  /** 0 takes any free port. */
  readonly port: number;
}

/** A server that answers. */
export interface RunningServer {
  /** Such as `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Tells every open page that another slot has been counted. */
  slotCounted(): void;
  /** Tells every open page that other alerts fire. */
  alertsChanged(): void;
  /** Tells every open page that other things are found, or have happened. */
  findingsChanged(): void;
  /** Ends the streams, lets requests in flight end, and stops listening. */
  close(): Promise<void>;
}

/** Longer than an nginx in front keeps a connection (60 s): one that we close first fails the request that it is given meanwhile. */
const keepAliveMilliseconds = 65_000;

/** Requests in flight have this long to end when the server closes. */
const graceMilliseconds = 2000;

/**
 * Starts to answer.
 *
 * @throws Failure `bad-configuration` for an address that is not this machine's, or is open to others without being meant
 *   to be; `address-in-use`
 */
export async function startServer(parts: ServerParts): Promise<RunningServer> {
  assertSafeListen(parts.address, parts.authentication);
  const events = new LiveEvents(() => liveState(parts));
  const server = createServer({
    requestTimeout: 15_000,
    headersTimeout: 10_000,
    keepAliveTimeout: keepAliveMilliseconds,
    maxHeaderSize: 16_384,
  });
  server.maxConnections = 2000;
  server.on('request', createApp(parts, events));
  const address = parts.address.replace(/^\[(.*)\]$/, '$1');
  await listen(server, address, parts.port);
  const { port } = server.address() as AddressInfo;
  const host = address.includes(':') ? `[${address}]` : address;
  return {
    url: `http://${host}:${port}`,
    slotCounted: () => events.slotCounted(),
    alertsChanged: () => events.alertsChanged(),
    findingsChanged: () => events.findingsChanged(),
    close: () => close(server, events),
  };
}

async function listen(server: Server, address: string, port: number): Promise<void> {
  server.listen(port, address);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw listenFailure(error, address, port);
  }
}

function listenFailure(error: unknown, address: string, port: number): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    return new Failure('address-in-use', `port ${port} of ${address} is in use by another program`, {
      hint: 'stop that program, or choose another port',
      cause: error,
    });
  }
  if (code === 'EACCES') {
    const hint = 'choose a port from 1024 on';
    return new Failure('bad-configuration', `port ${port} may not be listened on by this user`, { hint, cause: error });
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    const hint = 'listen on 127.0.0.1, on 0.0.0.0, or on an address of this machine';
    return new Failure('bad-configuration', `${address} is no address of this machine`, { hint, cause: error });
  }
  return error;
}

async function close(server: Server, events: LiveEvents): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  events.close();
  server.closeIdleConnections();
  const grace = new AbortController();
  const outOfPatience = sleep(graceMilliseconds, undefined, { signal: grace.signal }).then(
    () => server.closeAllConnections(),
    () => undefined,
  );
  await closed;
  grace.abort();
  await outOfPatience;
}
