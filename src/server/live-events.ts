import { randomBytes } from 'node:crypto';
import type { Request, Response } from 'express';
import type { AlertsEvent, FindingsEvent, SlotEvent } from './api-types/event.js';
import { clientOf, isStillKnown } from './guard.js';
import { httpProblem, sendProblem } from './problem.js';

/** Open pages at the same time; a further one is told to ask again instead. */
const mostStreams = 256;

/** Of these, of one client: a browser has some tabs, and people may share a token. */
const mostStreamsPerClient = 64;

/** Proxies in front close connections that are silent for a minute. */
const heartbeatMilliseconds = 20_000;

/** What a page that begins to listen is told: how things are now. */
export interface LiveState {
  /** Undefined while the ledger is empty. */
  readonly slot: SlotEvent | undefined;
  readonly alerts: AlertsEvent;
}

/**
 * The open `/api/v1/events` streams: each is told that there is something new to ask for, and never what it is.
 *
 * A stream begins with how things are now, so that a browser that was away has missed nothing; one that was away so shortly
 * that nothing happened (`Last-Event-ID`) is not told again.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export class LiveEvents {
  readonly #now: () => LiveState;
  readonly #streams = new Map<Response, string>();
  /** Ids of an earlier process are none of ours. */
  readonly #process = randomBytes(6).toString('hex');
  #count = 0;
  #heartbeat: NodeJS.Timeout | undefined;

  constructor(now: () => LiveState) {
    this.#now = now;
  }

  get streams(): number {
    return this.#streams.size;
  }

  /** Makes a response a stream. */
  open(request: Request, response: Response): void {
    const client = clientOf(request, response);
    const ofClient = [...this.#streams.values()].filter((each) => each === client).length;
    if (this.#streams.size >= mostStreams || ofClient >= mostStreamsPerClient) {
      response.set('Retry-After', '60');
      sendProblem(response, httpProblem(503, 'so many pages are listening already that this one cannot'));
      return;
    }
    response.set({
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-store, no-transform',
      'X-Accel-Buffering': 'no',
    });
    const missedNothing = request.get('last-event-id') === this.#id();
    response.write(`retry: 3000\n\n${missedNothing ? '' : this.#everything()}`);
    this.#streams.set(response, client);
    this.#heartbeat ??= setInterval(() => this.#send(':\n\n'), heartbeatMilliseconds).unref();
    request.on('close', () => this.#streams.delete(response));
  }

  /** Another slot has been counted. */
  slotCounted(): void {
    this.#count += 1;
    const { slot } = this.#now();
    if (slot) this.#send(this.#message('slot', slot));
  }

  /** Other alerts fire, or somebody has said something of one. */
  alertsChanged(): void {
    this.#count += 1;
    this.#send(this.#message('alerts', this.#now().alerts));
  }

  /** Other things are found, or something has happened. */
  findingsChanged(): void {
    this.#count += 1;
    this.#send(this.#message('findings', { atSeconds: this.#now().alerts.atSeconds }));
  }

  /** Ends all streams. */
  close(): void {
    clearInterval(this.#heartbeat);
    for (const stream of this.#streams.keys()) stream.end();
    this.#streams.clear();
  }

  #send(text: string): void {
    for (const stream of this.#streams.keys()) {
      // A reader that does not read is let go; its page connects again when it wakes up.
      if (stream.writableNeedDrain) stream.destroy();
      else if (isStillKnown(stream)) stream.write(text);
      else stream.end();
    }
  }

  #everything(): string {
    const { slot, alerts } = this.#now();
    return `${slot ? this.#message('slot', slot) : ''}${this.#message('alerts', alerts)}`;
  }

  #message(event: 'slot' | 'alerts' | 'findings', data: SlotEvent | AlertsEvent | FindingsEvent): string {
    return `event: ${event}\nid: ${this.#id()}\ndata: ${JSON.stringify(data)}\n\n`;
  }

  #id(): string {
    return `${this.#process}-${this.#count}`;
  }
}
