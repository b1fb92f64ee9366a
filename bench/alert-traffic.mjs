/** Requests of one made-up service in bins of seconds: what the rules of the alert bench are held against. */

/** Seconds of a bin: meshslo looks at the open minute so often, and at its end; the rivals look every 30 s. */
export const binSeconds = 10;

/** Numbers in [0, 1) that are the same for the same seed (xorshift128). */
export function randomOf(seed) {
  let [a, b, c, d] = [seed >>> 0 || 1, 362_436_069, 521_288_629, 88_675_123];
  const next = () => {
    const t = a ^ (a << 11);
    [a, b, c] = [b, c, d];
    d = (d ^ (d >>> 19) ^ t ^ (t >>> 8)) >>> 0;
    return d / 2 ** 32;
  };
  for (let warm = 0; warm < 20; warm++) next();
  return next;
}

/**
 * Draws bins from the start on.
 *
 * @param rate requests a second; each one fails independently with the ratio of its moment
 * @param base the ratio when nothing is wrong
 * @param troubles stretches in seconds, in order and apart, with the ratio that holds in them instead
 * @returns prefix sums: `total[i]` is what the bins before `i` hold; `expected` is the bad ones that the ratios say
 */
export function drawTraffic({ seconds, rate, base, troubles = [], random }) {
  const bins = Math.ceil(seconds / binSeconds);
  const [total, bad, expected] = [0, 0, 0].map(() => new Float64Array(bins + 1));
  let next = 0;
  for (let bin = 0; bin < bins; bin++) {
    const [from, to] = [bin * binSeconds, (bin + 1) * binSeconds];
    let calm = binSeconds;
    let [binTotal, binBad, binExpected] = [0, 0, 0];
    while (next < troubles.length && troubles[next].to <= from) next++;
    for (let at = next; at < troubles.length && troubles[at].from < to; at++) {
      const { ratio } = troubles[at];
      const inside = Math.min(to, troubles[at].to) - Math.max(from, troubles[at].from);
      calm -= inside;
      const [good, failed] = [poisson(rate * inside * (1 - ratio), random), poisson(rate * inside * ratio, random)];
      binTotal += good + failed;
      binBad += failed;
      binExpected += rate * inside * ratio;
    }
    if (calm > 0) {
      const failed = poisson(rate * calm * base, random);
      binTotal += failed + poisson(rate * calm * (1 - base), random);
      binBad += failed;
      binExpected += rate * calm * base;
    }
    total[bin + 1] = total[bin] + binTotal;
    bad[bin + 1] = bad[bin] + binBad;
    expected[bin + 1] = expected[bin] + binExpected;
  }
  return { bins, rate, total, bad, expected };
}

/** What the window of so many seconds that ends before a bin holds. */
export function over(sums, end, seconds) {
  return sums[end] - sums[Math.max(0, end - Math.round(seconds / binSeconds))];
}

/** How many of rare things happen: by multiplication where they are few, else the normal curve. */
function poisson(mean, random) {
  if (mean <= 0) return 0;
  if (mean > 60) {
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    return Math.max(0, Math.round(mean + Math.sqrt(mean) * radius * Math.cos(2 * Math.PI * random())));
  }
  const least = Math.exp(-mean);
  let count = 0;
  for (let product = random(); product > least; product *= random()) count++;
  return count;
}
