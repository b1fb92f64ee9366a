import type { AlertEpisode, AlertSeverity } from '../domain/alert.js';
import { Failure } from '../domain/failure.js';
import type { TimeRange } from '../domain/window.js';

/** What is looked for in the history of alerts; all that is given must fit, texts exactly. */
export interface AlertQuery {
  /** Episodes that go on at some moment of it. */
  readonly range?: TimeRange;
  readonly cluster?: string;
  readonly namespace?: string;
  readonly service?: string;
  readonly slo?: string;
  readonly owner?: string;
  /** `ErrorBudgetBurnFast`, ... */
  readonly name?: string;
  readonly severity?: AlertSeverity;
  readonly state?: 'active' | 'ended';
  readonly acknowledged?: boolean;
  readonly noise?: boolean;
  readonly inhibited?: boolean;
  /** Where the page before has ended. */
  readonly cursor?: string;
  /** How many episodes one page holds; at least 1. */
  readonly limit: number;
}

/** An SQL condition with what is bound to it, in order. */
interface Condition {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

const texts = ['cluster', 'namespace', 'service', 'slo', 'owner', 'name', 'severity'] as const;

/**
 * The query as one condition on table `alert`, read newest first by `begins, id`.
 *
 * @throws Failure `bad-arguments` for a cursor that no page has given
 */
export function alertCondition(query: AlertQuery): Condition {
  const { range, state, acknowledged, noise, inhibited, cursor } = query;
  const parts: Condition[] = texts.flatMap((column) => {
    const value = query[column];
    return value === undefined ? [] : [{ sql: `${column} = ?`, values: [value] }];
  });
  const when = (sql: string, ...values: (string | number)[]) => void parts.push({ sql, values });
  if (range) when('begins < ? AND (ends IS NULL OR ends > ?)', range.to, range.from);
  if (state) when(`ends IS ${state === 'active' ? '' : 'NOT '}NULL`);
  if (acknowledged !== undefined) when(`acknowledged IS ${acknowledged ? 'NOT ' : ''}NULL`);
  if (noise !== undefined) when(`noise IS ${noise ? 'NOT ' : ''}NULL`);
  if (inhibited !== undefined) when('inhibited = ?', inhibited ? 1 : 0);
  if (cursor !== undefined) when('(begins, id) < (?, ?)', ...readCursor(cursor));
  return {
    sql: parts.length === 0 ? 'TRUE' : parts.map(({ sql }) => `(${sql})`).join(' AND '),
    values: parts.flatMap(({ values }) => values),
  };
}

/** Whether an episode that is not written yet is among those that are looked for; the cursor does not count. */
export function fitsQuery(episode: AlertEpisode, query: AlertQuery): boolean {
  const { range, state, acknowledged, noise, inhibited } = query;
  const { startedAt, endedAt = Infinity } = episode;
  const values: Readonly<Record<string, string>> = {
    ...episode.labels,
    name: episode.name,
    severity: episode.severity,
  };
  return (
    texts.every((column) => query[column] === undefined || query[column] === values[column]) &&
    (range === undefined || (startedAt < range.to && endedAt > range.from)) &&
    (state === undefined || (state === 'active') === (endedAt === Infinity)) &&
    (acknowledged === undefined || acknowledged === (episode.acknowledged !== undefined)) &&
    (noise === undefined || noise === (episode.noise !== undefined)) &&
    (inhibited === undefined || inhibited === episode.inhibited)
  );
}

/** Where the page that ends with this episode has ended. */
export function alertCursor({ startedAt, id }: { readonly startedAt: number; readonly id: string }): string {
  return `${startedAt}_${id}`;
}

function readCursor(cursor: string): [number, string] {
  const [, begins, id] = /^(-?\d+(?:\.\d+)?)_(.+)$/s.exec(cursor) ?? [];
  if (begins === undefined || id === undefined) {
    const hint = 'take the one that the page before has given';
    throw new Failure('bad-arguments', `${JSON.stringify(cursor.slice(0, 60))} is no cursor`, { hint });
  }
  return [Number(begins), id];
}
