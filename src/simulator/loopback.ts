import { once } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Listens on this machine only; port 0 takes a free one. Returns the port; rejects with the system's error. */
export async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Closes a server and every connection to it, as the death of its process would. */
export async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

/** Whether the other side can read gzip. */
export function acceptsGzip({ headers }: IncomingMessage): boolean {
  return /\bgzip\b/.test([headers['accept-encoding']].flat().join());
}
