import { Failure, failureOf } from '../domain/failure.js';
import { Gate } from '../scrape/gate.js';
import { type Change, changedObject, type Destination, type Ending } from './destination.js';

/** Requests to one place at the same time: it has other work, too. */
export const requestsAtOnce = 6;

/** So many failures in a row of a kind that is not about the object say that the next would fail, too. */
const endsTheRun: Partial<Record<Failure['code'], number>> = {
  'target-unreachable': 1,
  'target-timeout': 1,
  'target-untrusted': 1,
  'file-unreadable': 1,
  unauthenticated: 1,
  'target-status': 3,
  'body-malformed': 3,
  forbidden: 10,
};

/** What a run over changes needs. */
export interface OneByOne {
  /** Does one change; throws a Failure where it cannot. */
  readonly carryOut: (change: Change) => Promise<void>;
  readonly read: Destination['read'];
  readonly onEnding: (ending: Ending) => void;
}

/**
 * Does changes that have nothing to do with each other, a few at a time. A place that is down is not asked for the rest of them:
 * these are skipped.
 */
export async function oneByOne(
  changes: readonly Change[],
  { carryOut, read, onEnding }: OneByOne,
): Promise<readonly Ending[]> {
  const gate = new Gate(requestsAtOnce);
  let row: { code: Failure['code']; length: number } | undefined;
  let down: Failure | undefined;
  const note = (failure: Failure | undefined): void => {
    row = failure && { code: failure.code, length: row?.code === failure.code ? row.length + 1 : 1 };
    if (failure && row!.length >= (endsTheRun[failure.code] ?? Infinity)) down ??= failure;
  };
  const endings = changes.map(async (change): Promise<Ending> => {
    let ending: Ending = { change, failure: undefined };
    await gate.run(async () => {
      if (down) {
        ending = { change, failure: down, isSkipped: true };
      } else {
        const failure = await failureOfChange(change, carryOut, read);
        note(failure);
        ending = { change, failure };
      }
      onEnding(ending);
    });
    return ending;
  });
  return Promise.all(endings);
}

async function failureOfChange(
  change: Change,
  carryOut: OneByOne['carryOut'],
  read: OneByOne['read'],
): Promise<Failure | undefined> {
  try {
    await carryOut(change);
    return undefined;
  } catch (error) {
    const failure = failureOf(error);
    return failure.code === 'conflict' ? secondLook(change, failure, read) : failure;
  }
}

/** An answer that was lost on its way looks like a conflict when the request is sent again: what is there decides. */
async function secondLook(change: Change, failure: Failure, read: OneByOne['read']): Promise<Failure | undefined> {
  const { kind, identity } = changedObject(change);
  try {
    const live = await read(kind, identity);
    if (isDone(change, live)) return undefined;
    if (change.act !== 'create' || live === undefined || live.mark?.set === change.mark.set) return failure;
    const hint = 'it is somebody else’s, and stays as it is: rename or remove it there';
    return new Failure('conflict', failure.message, { hint, cause: failure.cause });
  } catch (error) {
    failureOf(error);
    return failure;
  }
}

function isDone(change: Change, live: Awaited<ReturnType<Destination['read']>>): boolean {
  if (change.act === 'remove') return live === undefined;
  const { mark } = change;
  if (live?.mark?.set !== mark.set || live.mark.retiredSince !== mark.retiredSince) return false;
  return live.isAsWritten && live.mark.digest === mark.digest;
}
