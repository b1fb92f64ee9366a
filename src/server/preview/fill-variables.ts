import type { TimeRange } from '../../domain/window.js';
import { quoteRegex } from '../../promql/escaping.js';

/** What is looked at: a stretch of time, its steps, and what was chosen. */
export interface PreviewView {
  readonly range: TimeRange;
  readonly stepSeconds: number;
  /** By the name of the variable; undefined stands for all. */
  readonly chosen: Readonly<Record<string, string | undefined>>;
}

/** Shortest stretch over which counters are rated, as Grafana has it for scrapes every 15 s. */
const leastRateSeconds = 60;

/** The query as Grafana would send it: its variables filled in, chosen values escaped. */
export function filledQuery(expr: string, { range, stepSeconds, chosen }: PreviewView): string {
  const seconds = (amount: number): string => `${Math.round(amount)}s`;
  return expr
    .replaceAll('$__rate_interval', seconds(Math.max(stepSeconds + 15, leastRateSeconds, 240)))
    .replaceAll('$__interval', seconds(stepSeconds))
    .replaceAll('$__range', seconds(range.to - range.from))
    .replaceAll(/([!=]~?)"((?:[^"\\]|\\.)*?)\$([a-z_]+)/g, (all, operator: string, before: string, name: string) => {
      if (!Object.hasOwn(chosen, name)) return all;
      const value = chosen[name];
      const text = value === undefined ? '.*' : operator.endsWith('~') ? quoteRegex(value) : value;
      return `${operator}"${before}${JSON.stringify(text).slice(1, -1)}`;
    });
}
