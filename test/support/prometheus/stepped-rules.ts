import type { AnsweredValue, QueryApi } from './query-api.js';
import { remoteWrite, type WrittenSeries } from './remote-write.js';
import type { Rule, RuleGroup } from './rule-file.js';

/** An alert that fires: its name and labels. */
export type FiringAlert = Readonly<Record<string, string>>;

/**
 * Evaluates rules in a Prometheus as its own rule manager does, but at moments that the caller names: groups when their
 * interval has passed, rules one after the other, each result written before the next rule reads it, series that are gone
 * ended by a marker. Alerts fire at once, whatever their `for` is.
 */
export class SteppedRules {
  readonly #prometheus: QueryApi;
  readonly #groups: readonly RuleGroup[];
  readonly #present = new Map<Rule, ReadonlyMap<string, WrittenSeries['labels']>>();

  constructor(prometheus: QueryApi, groups: readonly RuleGroup[]) {
    this.#prometheus = prometheus;
    this.#groups = groups;
  }

  /** Evaluates what is due at a whole minute. */
  async evaluate(atSeconds: number): Promise<void> {
    for (const { intervalSeconds, rules } of this.#groups) {
      if (atSeconds % intervalSeconds !== 0) continue;
      for (const rule of rules) await this.#evaluate(rule, atSeconds);
    }
  }

  /** What the last evaluation of every alert found. */
  firing(): readonly FiringAlert[] {
    return [...this.#present].flatMap(([{ alert }, series]) => (alert === undefined ? [] : [...series.values()]));
  }

  async #evaluate(rule: Rule, atSeconds: number): Promise<void> {
    const answer = await this.#prometheus.instant(rule.expr, atSeconds);
    const found = new Map(
      answer.map((one) => {
        const labels = labelsOf(rule, one);
        return [JSON.stringify(labels), { labels, value: rule.alert === undefined ? one.value : 1 }] as const;
      }),
    );
    const before = this.#present.get(rule) ?? new Map<string, WrittenSeries['labels']>();
    this.#present.set(rule, new Map([...found].map(([key, { labels }]) => [key, labels])));
    const ended = [...before].filter(([key]) => !found.has(key)).map(([, labels]) => ({ labels, value: Number.NaN }));
    const times = Float64Array.of(atSeconds * 1000);
    const written = [...found.values(), ...ended].map(({ labels, value }) => ({
      labels,
      times,
      values: Float64Array.of(value),
    }));
    if (written.length > 0) await remoteWrite(`${this.#prometheus.address}/api/v1/write`, written);
  }
}

function labelsOf({ record, alert, labels = {} }: Rule, { labels: found }: AnsweredValue): WrittenSeries['labels'] {
  const own = Object.entries({ ...found, ...labels }).filter(([name]) => name !== '__name__');
  const sorted = Object.fromEntries(own.sort(([a], [b]) => (a < b ? -1 : 1)));
  return alert === undefined
    ? { __name__: record!, ...sorted }
    : { __name__: 'ALERTS', alertname: alert, alertstate: 'firing', ...sorted };
}
