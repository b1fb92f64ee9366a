import type { AlertEpisode, AlertMark } from '../../src/domain/alert.js';
import { Failure } from '../../src/domain/failure.js';
import type { AlertQuery } from '../../src/ledger/alert-query.js';
import type { AlertPage, MarkKind } from '../../src/ledger/alert-store.js';
import type { AlertBook } from '../../src/server/alert-book.js';
import { noon } from './made-up-reader.js';

/** An alert that began a quarter of an hour ago and goes on; what a test is about is given. */
export function episode(id: string, given: Partial<AlertEpisode> = {}): AlertEpisode {
  return {
    id,
    name: 'ErrorBudgetBurnFast',
    severity: 'page',
    labels: { cluster: 'berlin', namespace: 'shop', service: 'checkout', slo: 'availability', owner: 'payments' },
    annotations: {
      summary: 'checkout spends its error budget 20 times too fast',
      description: '1,440 of 72,000 requests failed in the last hour.',
      action: 'Look at what failed, and roll back what changed last.',
      runbook_url: 'https://runbooks.example/ErrorBudgetBurnFast',
    },
    startedAt: noon - 900,
    endedAt: undefined,
    inhibited: false,
    acknowledged: undefined,
    noise: undefined,
    ...given,
  };
}

/** Alerts in memory, found as the ledger finds them. */
export class MadeUpAlerts implements AlertBook {
  episodes: readonly AlertEpisode[];

  constructor(episodes: readonly AlertEpisode[] = []) {
    this.episodes = episodes;
  }

  ongoing(): readonly AlertEpisode[] {
    return this.episodes.filter(({ endedAt }) => endedAt === undefined);
  }

  find({ range, state, cursor, limit, ...texts }: AlertQuery): AlertPage {
    const fits = ({ startedAt, endedAt, name, severity, labels }: AlertEpisode): boolean =>
      (!range || (startedAt < range.to && (endedAt === undefined || endedAt > range.from))) &&
      (!state || (state === 'active') === (endedAt === undefined)) &&
      Object.entries(texts).every(([key, value]) => ({ name, severity, ...labels })[key] === value);
    const found = [...this.episodes].sort((a, b) => b.startedAt - a.startedAt).filter(fits);
    const begin = cursor === undefined ? 0 : found.findIndex(({ id }) => id === cursor) + 1;
    const episodes = found.slice(begin, begin + limit);
    return { episodes, next: found.length > begin + limit ? episodes.at(-1)!.id : undefined };
  }

  get(id: string): AlertEpisode | undefined {
    return this.episodes.find((each) => each.id === id);
  }

  mark(id: string, kind: MarkKind, mark: AlertMark | undefined): AlertEpisode {
    if (!this.get(id)) throw new Failure('not-found', `there is no alert ${id}`);
    this.episodes = this.episodes.map((each) => (each.id === id ? { ...each, [kind]: mark } : each));
    return this.get(id)!;
  }
}
