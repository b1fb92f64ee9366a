import type { RequestFacts } from '../domain/series-meaning.js';
import type { Breakdown } from '../ledger/breakdown-store.js';
import type { BurnCause, CauseShare } from './burn-event.js';

/** What says most of a cause, first. */
const telling: readonly (keyof RequestFacts)[] = ['flags', 'code', 'caller', 'version', 'method', 'callerCluster'];

/** A value that no more of the bad events share is no cause: there may be two of them, of different events. */
const noMajority = 0.5;

/** What most bad events of a breakdown have in common; undefined where nothing was told of any. */
export function burnCause({ bad, rows }: Pick<Breakdown, 'bad' | 'rows'>): BurnCause | undefined {
  if (rows.length === 0) return undefined;
  const shares = telling.flatMap((fact): readonly CauseShare[] => {
    const sums = new Map<string, number>();
    for (const row of rows) sums.set(row.facts[fact], (sums.get(row.facts[fact]) ?? 0) + row.bad);
    sums.delete('');
    const [top] = [...sums].sort(([a, badA], [b, badB]) => badB - badA || (a < b ? -1 : 1));
    return top && top[1] > bad * noMajority ? [{ fact, value: top[0], bad: top[1] }] : [];
  });
  return { bad, shares };
}
