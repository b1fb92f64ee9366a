import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** What a target does with one request; it writes raw bytes, so that it can be as wrong as it likes. */
export type Behaviour = (socket: Socket, request: string) => void;

/** A target on a real port whose behaviour a test sets. */
export class TestTarget {
  behave: Behaviour;
  connections = 0;
  port = 0;
  readonly requests: string[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(behave: Behaviour) {
    this.behave = behave;
    this.#server = createServer((socket) => {
      this.connections += 1;
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('error', () => undefined);
      let pending = '';
      socket.on('data', (bytes) => {
        pending += bytes.toString('latin1');
        for (let end = pending.indexOf('\r\n\r\n'); end >= 0; end = pending.indexOf('\r\n\r\n')) {
          const request = pending.slice(0, end + 4);
          pending = pending.slice(end + 4);
          this.requests.push(request);
          this.behave(socket, request);
        }
      });
    });
  }

  static async listen(behave: Behaviour): Promise<TestTarget> {
    const target = new TestTarget(behave);
    await new Promise<void>((done) => target.#server.listen(0, '127.0.0.1', done));
    target.port = (target.#server.address() as AddressInfo).port;
    return target;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Breaks all connections; the target goes on listening. */
  disconnect(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.disconnect();
    if (this.#server.listening) await new Promise<void>((done) => this.#server.close(() => done()));
  }
}

/** Answers with a body and a correct length. */
export function answers(body: string | Uint8Array, headers: Readonly<Record<string, string>> = {}): Behaviour {
  const bytes = Buffer.from(body);
  const all = { 'Content-Type': 'text/plain; version=0.0.4', 'Content-Length': String(bytes.length), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return (socket) => {
    socket.write(Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\n${lines.join('')}\r\n`), bytes]));
  };
}
