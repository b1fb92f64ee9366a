const millisecondsPerUnit: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/**
 * Seconds of a duration in Prometheus' notation (`250ms`, `30s`, `1h30m`, `28d`); undefined for anything else.
 *
 * @see https://prometheus.io/docs/prometheus/latest/querying/basics/#time-durations
 */
export function parseDuration(text: string): number | undefined {
  if (!/^(\d+(ms|[smhdw]))+$/.test(text)) return undefined;
  let milliseconds = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+)(ms|[smhdw])/g)) {
    milliseconds += Number(amount) * millisecondsPerUnit[unit!]!;
  }
  // One division of whole numbers gives the nearest double, as written: 0.001 is no exact factor.
  return milliseconds / 1000;
}

/** The shortest exact notation of a whole number of milliseconds: 5400 s is `1h30m`, 0.25 s is `250ms`, 0 is `0s`. */
export function formatDuration(seconds: number): string {
  let milliseconds = Math.round(seconds * 1000);
  let text = '';
  for (const [unit, size] of [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1000],
    ['ms', 1],
  ] as const) {
    const amount = Math.floor(milliseconds / size);
    milliseconds -= amount * size;
    if (amount > 0) text += `${amount}${unit}`;
  }
  return text || '0s';
}
