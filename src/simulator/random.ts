/** Where chance comes from: a number in [0, 1) at every call. One seed gives one course of events. */
export type Random = () => number;

/** A small fast generator of 128 bits of state (sfc32), started from one whole number. */
export function seededRandom(seed: number): Random {
  let a = 0x9e3779b9;
  let b = 0x243f6a88;
  let c = seed | 0;
  let counter = 1;
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 4294967296;
  };
  // Seeds that differ in one bit only differ everywhere after a few rounds.
  for (let round = 0; round < 15; round++) next();
  return next;
}

/** How many events fall into a stretch that has `mean` of them on average. */
export function poisson(random: Random, mean: number): number {
  if (mean <= 0) return 0;
  // From here on the normal distribution is within what a chart can show, and costs the same for any mean.
  if (mean > 40) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)));
  const limit = Math.exp(-mean);
  let events = 0;
  for (let product = random(); product > limit; product *= random()) events++;
  return events;
}

/** How many of `trials` succeed. */
export function binomial(random: Random, trials: number, probability: number): number {
  if (trials <= 0 || probability <= 0) return 0;
  if (probability >= 1) return trials;
  if (probability > 0.5) return trials - binomial(random, trials, 1 - probability);
  const mean = trials * probability;
  if (mean > 40) {
    const drawn = Math.round(mean + Math.sqrt(mean * (1 - probability)) * normal(random));
    return Math.min(trials, Math.max(0, drawn));
  }
  // Walks through the distribution from zero successes on; about `mean` steps.
  const odds = probability / (1 - probability);
  let chance = Math.exp(trials * Math.log1p(-probability));
  let rest = random();
  let successes = 0;
  while (rest > chance && successes < trials) {
    rest -= chance;
    successes++;
    chance *= (odds * (trials - successes + 1)) / successes;
  }
  return successes;
}

/** Shares `trials` out over weights that need not add up to one; the parts add up to `trials` exactly. */
export function multinomial(random: Random, trials: number, weights: readonly number[]): number[] {
  const parts = new Array<number>(weights.length).fill(0);
  let last = weights.length - 1;
  while (last > 0 && weights[last] === 0) last--;
  let left = trials;
  let weightLeft = 0;
  for (const weight of weights) weightLeft += weight;
  for (let index = 0; index < last && left > 0; index++) {
    const weight = weights[index]!;
    if (weight === 0) continue;
    const part = binomial(random, left, weight / weightLeft);
    parts[index] = part;
    left -= part;
    weightLeft -= weight;
  }
  parts[last]! += left;
  return parts;
}

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
