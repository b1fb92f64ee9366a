import type { AlertDesk } from '../alerting/alert-desk.js';
import { type Failure, failureOf } from '../domain/failure.js';
import type { ScrapeSource } from '../scrape/scrape-source.js';
import type { CurrentSlos } from './current-slos.js';
import { noticeInputs } from './input-notices.js';
import type { Notices } from './notices.js';
import type { Present } from './service-parts.js';
import type { KeptSlot } from './slot-keeper.js';
import type { StatusBoard } from './status-board.js';

export interface MinuteNewsParts {
  readonly board: Pick<StatusBoard, 'kept'>;
  readonly desk: Pick<AlertDesk, 'look'>;
  readonly source: Pick<ScrapeSource, 'discoveries' | 'targets'>;
  readonly slos: Pick<CurrentSlos, 'refusedServices'>;
  readonly present: Pick<Present, 'server'>;
  readonly notices: Notices;
  readonly onNotice: (notice: string) => void;
}

/** Hands on how the work of every minute has ended: to the board, to alerting, to whoever looks at a page, to the operator. */
export class MinuteNews {
  readonly #parts: MinuteNewsParts;
  #lastFailure: string | undefined;

  constructor(parts: MinuteNewsParts) {
    this.#parts = parts;
  }

  tell(kept: KeptSlot): void {
    const { desk, source, slos, present, notices } = this.#parts;
    const unreadable = this.#show(kept);
    this.#noticeFailure(kept.failure ?? unreadable, kept.waiting);
    if (!unreadable) desk.look();
    // Whoever hears of the slot asks for its alerts, too.
    if (kept.lastSlot !== undefined) present.server?.slotCounted();
    const { discoveries, targets } = source;
    noticeInputs({ discoveries, targets, refusedServices: slos.refusedServices }, notices);
  }

  /** A ledger that cannot be read any more keeps nobody from counting. */
  #show(kept: KeptSlot): Failure | undefined {
    try {
      this.#parts.board.kept(kept);
      return undefined;
    } catch (error) {
      return failureOf(error);
    }
  }

  #noticeFailure(failure: Failure | undefined, waiting: number): void {
    if (failure?.message !== this.#lastFailure) {
      const wait = waiting > 0 ? `; ${waiting} slots wait in memory` : '';
      this.#parts.onNotice(failure ? `${failure.message}${wait}` : 'slots are written and read again');
    }
    this.#lastFailure = failure?.message;
  }
}
