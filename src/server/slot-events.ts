import type { Request, Response } from 'express';
import type { SlotEvent } from './api-types/event.js';
import { httpProblem, sendProblem } from './problem.js';

/** Open pages at the same time; a further one is told to ask again instead. */
const mostClients = 256;

/** Proxies in front close connections that are silent for a minute. */
const heartbeatMilliseconds = 20_000;

/**
 * The open `/api/v1/events` streams: each is told once per committed slot that there is something new to ask for.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export class SlotEvents {
  readonly #clients = new Set<Response>();
  #heartbeat: NodeJS.Timeout | undefined;

  get clients(): number {
    return this.#clients.size;
  }

  /** Makes a response a stream; it begins with the newest slot, if there is one. */
  open(request: Request, response: Response, newest: SlotEvent | undefined): void {
    if (this.#clients.size >= mostClients) {
      response.set('Retry-After', '60');
      sendProblem(response, httpProblem(503, `${mostClients} pages are listening already`));
      return;
    }
    response.set({
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-store, no-transform',
      'X-Accel-Buffering': 'no',
    });
    response.write(`retry: 3000\n\n${newest ? message(newest) : ''}`);
    this.#clients.add(response);
    this.#heartbeat ??= setInterval(() => this.#send(':\n\n'), heartbeatMilliseconds).unref();
    request.on('close', () => this.#clients.delete(response));
  }

  announce(event: SlotEvent): void {
    this.#send(message(event));
  }

  /** Ends all streams. */
  close(): void {
    clearInterval(this.#heartbeat);
    for (const client of this.#clients) client.end();
    this.#clients.clear();
  }

  #send(text: string): void {
    for (const client of this.#clients) {
      // A reader that does not read is let go; its page connects again when it wakes up.
      if (client.writableNeedDrain) client.destroy();
      else client.write(text);
    }
  }
}

function message(event: SlotEvent): string {
  return `event: slot\ndata: ${JSON.stringify(event)}\n\n`;
}
