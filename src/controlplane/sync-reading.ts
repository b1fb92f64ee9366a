import type { Clock } from '../domain/clock.js';
import type { Judgement } from './answer.js';
import { syncUnreadable } from './findings/instance-findings.js';
import type { Scope } from './findings/scope.js';
import { HeldFor } from './held-for.js';
import { type InstanceLook, isRefusal } from './instance-watch.js';

/** One lost answer is no trouble, and a restart is over in a minute. */
const toleratedSeconds = 60;

/** Why nobody tells how proxies stand, although somebody should. */
export interface UnreadSync {
  /** Those who should tell it: addresses, or what is in place of them. */
  readonly where: string;
  readonly trouble: string;
  /** What to do; one sentence or two. */
  readonly action: string;
}

/** Finds that nobody tells how proxies stand: nothing would be found of one that is out of sync. */
export class SyncReading {
  readonly #held = new HeldFor();

  /** While no instance answers, or all refuse, that is the trouble, and what was found before stays. */
  look(
    scope: Scope,
    unread: UnreadSync | undefined,
    looks: readonly InstanceLook<unknown>[],
    clock: Pick<Clock, 'now' | 'monotonic'>,
  ): Judgement {
    const isAnybodyThere = looks.some(({ values, failures }) => values && !isRefusal(failures.told));
    this.#held.look(clock.monotonic(), unread && isAnybodyThere ? ['sync'] : [], () => !isAnybodyThere);
    if (!isAnybodyThere) return { findings: [], judged: [] };
    const seconds = this.#held.seconds('sync', clock.monotonic());
    // What an earlier run has found goes on while it is so.
    if (unread && seconds < toleratedSeconds) return { findings: [], judged: [] };
    return {
      findings: unread ? [syncUnreadable(scope, { ...unread, since: clock.now() - seconds })] : [],
      judged: ['SyncUnreadable'],
    };
  }
}

/** A few of many addresses, in a fixed order. */
export function someOf(addresses: readonly string[]): string {
  const sorted = addresses.toSorted();
  return sorted.length > 5 ? `${sorted.slice(0, 5).join(', ')} and ${sorted.length - 5} more` : sorted.join(', ');
}
