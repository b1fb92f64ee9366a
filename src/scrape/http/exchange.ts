import type { ResponseHead, ResponseReader } from './response-reader.js';

/** One whole answer; its body lies in the buffer that was passed in. */
export interface Answer {
  readonly head: ResponseHead;
  /** Whether the answer says itself where it ends. */
  readonly delimited: boolean;
}

/** The connection broke before the first byte of an answer. */
export class ClosedWhileIdle extends Error {
  readonly code: string | undefined;

  constructor(cause: (Error & { code?: string }) | undefined) {
    super(cause?.message ?? 'closed', { cause });
    this.code = cause?.code ?? 'ECONNRESET';
  }
}

/** How an exchange ends: in one of two ways, once. */
export interface ExchangeOutcome {
  readonly answered: (answer: Answer, reusable: boolean) => void;
  readonly failed: (error: Error) => void;
}

/** One question and its answer. */
export class Exchange {
  readonly #reader: ResponseReader;
  readonly #outcome: ExchangeOutcome;
  #began = false;
  #over = false;

  constructor(reader: ResponseReader, outcome: ExchangeOutcome) {
    this.#reader = reader;
    this.#outcome = outcome;
  }

  receive(bytes: Buffer): void {
    if (this.#over) return;
    this.#began = true;
    try {
      const tooMuch = this.#reader.push(bytes);
      if (this.#reader.done) this.#succeed(!tooMuch && this.#reader.head!.keepAlive);
    } catch (error) {
      this.fail(error as Error);
    }
  }

  /** The other side has said all it had to say. */
  end(): void {
    if (this.#over || !this.#began) return;
    try {
      this.#reader.end();
      this.#succeed(false);
    } catch (error) {
      this.fail(error as Error);
    }
  }

  closed(error: Error | undefined): void {
    if (!this.#began) this.fail(new ClosedWhileIdle(error));
    else if (error) this.fail(error);
    else this.end();
  }

  fail(error: Error): void {
    if (this.#over) return;
    this.#over = true;
    this.#outcome.failed(error);
  }

  #succeed(reusable: boolean): void {
    this.#over = true;
    this.#outcome.answered({ head: this.#reader.head!, delimited: this.#reader.delimited }, reusable);
  }
}
