import type { Matcher } from '../promql/expression.js';
import { quoteRegex } from '../promql/escaping.js';
import type { LatencyFamily } from './signal-pack.js';
import { unitsPerSecond } from './signal-pack.js';

/**
 * Passes the bucket of a bound in every spelling: `250` as Envoy prints it, `250.0` as Prometheus 3 stores it, `1e+06` as
 * Go prints large numbers.
 *
 * @throws RangeError for a threshold that is no bound.
 * @see https://prometheus.io/docs/prometheus/3.0/migration/#le-and-quantile-label-values
 */
export function leMatcher({ boundsSeconds, unit }: LatencyFamily, thresholdSeconds: number): Matcher {
  if (!boundsSeconds.includes(thresholdSeconds)) throw new RangeError(`${thresholdSeconds} s is no bucket bound`);
  const bound = Number((thresholdSeconds * unitsPerSecond[unit]).toPrecision(12));
  const plain = quoteRegex(String(bound)) + (Number.isInteger(bound) ? '(\\.0)?' : '');
  const exponential = goExponential(bound);
  const value = exponential === undefined ? plain : `${plain}|${quoteRegex(exponential)}`;
  return { label: 'le', operator: '=~', value };
}

/** What Go's `FormatFloat(value, 'g', -1, 64)` prints where it takes an exponent: from 1e+06 on, and below 1e-04. */
function goExponential(value: number): string | undefined {
  const [digits, exponent] = value.toExponential().split('e') as [string, string];
  const power = Number(exponent);
  if (power >= -4 && power < 6) return undefined;
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}
