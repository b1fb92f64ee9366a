import { Failure } from '../domain/failure.js';
import type { Change, LiveObject } from './destination.js';

/**
 * Whether a change is still to be done, for a place whose API knows no preconditions: its object is read once more right before.
 *
 * @param what the object, as people call it
 * @returns false where what was to be removed is gone already
 * @throws Failure `conflict` where it is another one than the change names
 */
export async function isStillDue(
  change: Change,
  what: string,
  read: () => Promise<LiveObject | undefined>,
): Promise<boolean> {
  const now = await read();
  if (change.act === 'remove' && now === undefined) return false;
  if (now?.revision !== (change.act === 'create' ? undefined : change.live.revision)) {
    throw new Failure('conflict', `${what} was changed while this ran`, { hint: 'run it again' });
  }
  return true;
}
