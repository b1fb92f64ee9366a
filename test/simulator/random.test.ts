import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { binomial, multinomial, poisson, seededRandom } from '../../src/simulator/random.js';

describe('chance', () => {
  test('one seed gives one course of events, another seed another one', () => {
    const draw = (seed: number): readonly number[] => Array.from({ length: 5 }, seededRandom(seed));
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  test('parts are whole, none is negative, and they add up to what was shared out', () => {
    const weights = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 25 });
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 1e6 }), weights, (seed, trials, shares) => {
        const parts = multinomial(seededRandom(seed), trials, shares);
        expect(parts.reduce((sum, part) => sum + part, 0)).toBe(trials);
        expect(parts.every((part) => Number.isInteger(part) && part >= 0)).toBe(true);
      }),
    );
  });

  test('what has no weight gets nothing', () => {
    expect(multinomial(seededRandom(1), 1000, [0, 1, 0])).toEqual([0, 1000, 0]);
  });

  test.each([
    { mean: 0.01, why: 'one request in a hundred seconds' },
    { mean: 3, why: 'counted one by one' },
    { mean: 900, why: 'drawn from the normal distribution' },
  ])('a mean of $mean comes out on average: $why', ({ mean }) => {
    const random = seededRandom(11);
    const draws = 20_000;
    let sum = 0;
    for (let draw = 0; draw < draws; draw++) sum += poisson(random, mean);
    // Five standard errors of the mean of a Poisson distribution.
    expect(Math.abs(sum / draws - mean)).toBeLessThan(5 * Math.sqrt(mean / draws));
  });

  test.each([
    { trials: 10, probability: 0.001, why: 'rare' },
    { trials: 30, probability: 0.9, why: 'likely' },
    { trials: 5000, probability: 0.3, why: 'many' },
  ])('$trials trials of $probability succeed as often as they should: $why', ({ trials, probability }) => {
    const random = seededRandom(12);
    const draws = 20_000;
    let sum = 0;
    for (let draw = 0; draw < draws; draw++) sum += binomial(random, trials, probability);
    const deviation = Math.sqrt((trials * probability * (1 - probability)) / draws);
    expect(Math.abs(sum / draws - trials * probability)).toBeLessThan(5 * deviation);
  });
});
