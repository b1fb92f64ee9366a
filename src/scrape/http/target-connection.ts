import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { Failure } from '../../domain/failure.js';
import type { BodyBuffer } from './body-buffer.js';
import { connectionFailure } from './connection-failure.js';
import { type Answer, ClosedWhileIdle, Exchange } from './exchange.js';
import { ResponseReader } from './response-reader.js';

/** Whom to talk to. */
export interface Origin {
  readonly host: string;
  readonly port: number;
  /** Certificates and the expected name; undefined for plain HTTP. */
  readonly tls: ConnectionOptions | undefined;
}

/** What an answer may cost. */
export interface AnswerLimits {
  readonly timeoutSeconds: number;
  readonly bodyBytes: number;
}

/** All connections read into one buffer: what arrives is copied on at once. Windows reads ahead, so there each has its own. */
const sharedReadBuffer = Buffer.allocUnsafeSlow(64 * 1024);

/**
 * One kept-alive HTTP/1.1 connection to one target, for one GET at a time.
 *
 * A bare socket and {@link ResponseReader} instead of an HTTP library: thousands of scrapes of small proxies spend most of
 * their time in the client, and this one costs about half of undici's (`bench/scrape.mjs`).
 */
export class TargetConnection {
  readonly #origin: Origin;
  #socket: Socket | undefined;
  #exchange: Exchange | undefined;

  constructor(origin: Origin) {
    this.#origin = origin;
  }

  /**
   * Sends a request and waits for the whole answer.
   *
   * @param request the head of a GET, with its empty last line
   * @throws Failure `target-unreachable`, `target-timeout`, `target-untrusted`, `body-too-large`, `body-malformed`
   */
  async get(request: string, limits: AnswerLimits, body: BodyBuffer): Promise<Answer> {
    const reused = this.#socket !== undefined;
    const deadline = performance.now() + limits.timeoutSeconds * 1000;
    try {
      return await this.#attempt(request, limits, body, deadline);
    } catch (error) {
      this.close();
      // A kept-alive connection may have been closed by the other side while nobody looked: that is no failed target.
      if (!(error instanceof ClosedWhileIdle && reused)) throw connectionFailure(error);
    }
    body.clear();
    try {
      return await this.#attempt(request, limits, body, deadline);
    } catch (error) {
      this.close();
      throw connectionFailure(error);
    }
  }

  /** Closes the connection; the next request opens another one. */
  close(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.destroy();
    this.#exchange?.fail(new Failure('target-unreachable', 'the scrape was called off'));
  }

  #attempt(request: string, limits: AnswerLimits, body: BodyBuffer, deadline: number): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const socket = (this.#socket ??= this.#open());
      const timer = setTimeout(
        () => this.#exchange?.fail(timedOut(limits.timeoutSeconds, socket.connecting)),
        Math.max(1, deadline - performance.now()),
      );
      const settle = (act: () => void): void => {
        clearTimeout(timer);
        this.#exchange = undefined;
        act();
      };
      this.#exchange = new Exchange(new ResponseReader(body, limits.bodyBytes), {
        answered: (answer, reusable) => {
          if (!reusable) this.#drop(socket);
          settle(() => resolve(answer));
        },
        failed: (error) => settle(() => reject(error)),
      });
      socket.write(request, 'latin1');
    });
  }

  #open(): Socket {
    const { host, port, tls } = this.#origin;
    const onread = {
      buffer: process.platform === 'win32' ? Buffer.allocUnsafeSlow(sharedReadBuffer.length) : sharedReadBuffer,
      callback: (length: number, buffer: Uint8Array) => {
        receive(Buffer.from(buffer.buffer, buffer.byteOffset, length));
        return true;
      },
    };
    const socket = tls
      ? connectTls({ ...tls, host, port, ALPNProtocols: ['http/1.1'] })
      : connectPlain({ host, port, onread, noDelay: true });
    const receive = (bytes: Buffer): void => {
      if (this.#exchange && this.#socket === socket) this.#exchange.receive(bytes);
      else this.#drop(socket);
    };
    if (tls) socket.on('data', receive);
    socket.on('error', (error: Error) => this.#lost(socket, error));
    socket.on('end', () => this.#socket === socket && this.#exchange?.end());
    socket.on('close', () => this.#lost(socket, undefined));
    return socket;
  }

  #lost(socket: Socket, error: Error | undefined): void {
    if (this.#socket !== socket) return;
    this.#socket = undefined;
    socket.destroy();
    this.#exchange?.closed(error);
  }

  #drop(socket: Socket): void {
    if (this.#socket === socket) this.#socket = undefined;
    socket.destroy();
  }
}

function timedOut(seconds: number, connecting: boolean): Failure {
  const what = connecting ? 'no connection' : 'no whole answer';
  return new Failure('target-timeout', `${what} within ${Number(seconds.toFixed(1))} s`);
}
