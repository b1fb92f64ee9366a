import { closeSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import type { EventSink } from './event-log.js';

/**
 * The event log as NDJSON, one line per group; buckets are sparse, `[bucket, count]`.
 *
 * When the file has reached its limit it becomes `<path>.1`, in place of an older one, so that a demo that nobody stops
 * does not fill the disk. A file that can no longer be written is given up, with one word about it: traffic goes on.
 */
export class EventFile {
  readonly #path: string;
  readonly #maxBytes: number;
  #file: number;
  readonly #complain: (message: string) => void;
  #bytes: number;
  #givenUp = false;

  /** Throws the errors of the file system. */
  constructor(path: string, complain: (message: string) => void, maxBytes = 64 * 1024 * 1024) {
    this.#path = path;
    this.#complain = complain;
    this.#maxBytes = maxBytes;
    this.#file = openSync(path, 'a');
    this.#bytes = statSync(path).size;
  }

  /** Written when it returns: nothing is kept in memory. */
  readonly write: EventSink = (events) => {
    if (events.length === 0 || this.#givenUp) return;
    let text = '';
    for (const event of events) {
      const line = 'buckets' in event ? { ...event, buckets: sparse(event.buckets) } : event;
      text += `${JSON.stringify(line)}\n`;
    }
    try {
      if (this.#bytes > this.#maxBytes) this.#rotate();
      this.#bytes += writeSync(this.#file, text);
    } catch (error) {
      this.#givenUp = true;
      this.#complain(`the event log ends here: ${String(error)}`);
    }
  };

  close(): void {
    closeSync(this.#file);
  }

  #rotate(): void {
    closeSync(this.#file);
    renameSync(this.#path, `${this.#path}.1`);
    this.#file = openSync(this.#path, 'a');
    this.#bytes = 0;
  }
}

function sparse(buckets: readonly number[]): readonly (readonly [number, number])[] {
  return buckets.flatMap((count, bucket) => (count > 0 ? [[bucket, count] as const] : []));
}
