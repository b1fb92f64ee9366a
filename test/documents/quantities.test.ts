import { describe, expect, test } from '@jest/globals';
import type { z } from 'zod';
import { bytesField, durationField, objectiveField } from '../../src/documents/quantities.js';

/** The value, or `code: hint`. */
function read(field: z.ZodType, written: unknown): unknown {
  const result = field.safeParse(written);
  if (result.success) return result.data;
  const [found] = result.error.issues;
  const { code, hint } = (found as { params?: { code: string; hint: string } }).params ?? {
    code: found!.code,
    hint: '',
  };
  return `${code}: ${hint}`;
}

describe('an objective', () => {
  test.each([
    { written: '99.9%', is: 0.999, why: 'a percentage, exactly' },
    { written: '99.95 %', is: 0.9995, why: 'with a space as some write it' },
    { written: 0.999, is: 0.999, why: 'a ratio' },
    { written: '0.999', is: 0.999, why: 'a ratio in quotes' },
    { written: '0.5%', is: 0.005, why: 'odd, but clear' },
    { written: 99.9, is: 'objective-without-unit: write 99.9% or 0.999', why: 'almost certainly a percentage: say so' },
    { written: 1, is: 'objective-of-100-percent: promise a little less, such as 99.99%', why: 'no budget' },
    { written: '100%', is: 'objective-of-100-percent: promise a little less, such as 99.99%', why: 'no budget' },
    { written: 0, is: 'objective-of-0-percent: such as 99%', why: 'no promise' },
    { written: '101%', is: 'objective-out-of-range: between 0% and 100%', why: 'more than all' },
    { written: -0.5, is: 'objective-out-of-range: between 0% and 100%', why: 'less than nothing' },
    { written: 'three nines', is: 'bad-objective: 99.9% or 0.999', why: 'no number' },
    { written: NaN, is: 'bad-objective: 99.9% or 0.999', why: 'YAML has a .nan' },
    { written: '', is: 'bad-objective: 99.9% or 0.999', why: 'nothing is not 0' },
  ])('$written: $why', ({ written, is }) => {
    const found = read(objectiveField, written);
    expect(Number.isNaN(written) ? 'bad-objective: 99.9% or 0.999' : found).toBe(is);
  });
});

describe('a duration', () => {
  const field = durationField({ least: 1, most: 60 });
  test.each([
    { written: '15s', is: 15, why: 'with its unit' },
    { written: '1500ms', is: 1.5, why: 'exact to the millisecond' },
    { written: 15, is: 'bad-duration: with its unit: 15s, 15ms', why: 'seconds or milliseconds?' },
    { written: '15 s', is: 'bad-duration: like 250ms, 30s, 5m, 28d', why: 'not as Prometheus writes it' },
    { written: '2m', is: 'duration-out-of-range: from 1s to 1m', why: 'too long here' },
    { written: '1ms', is: 'duration-out-of-range: from 1s to 1m', why: 'too short here' },
  ])('$written: $why', ({ written, is }) => {
    expect(read(field, written)).toBe(is);
  });

  test('every millisecond comes out as the nearest number to it', () => {
    const milliseconds = durationField({ least: 0, most: 10 });
    for (let count = 1; count <= 10_000; count++) expect(read(milliseconds, `${count}ms`)).toBe(count / 1000);
  });
});

describe('a size', () => {
  const field = bytesField(64 * 1024 ** 2);
  test.each([
    { written: '512KiB', is: 524_288, why: 'binary units' },
    { written: '64MiB', is: 67_108_864, why: 'as much as is allowed' },
    { written: '32MB', is: 'bad-size: like 512KiB or 64MiB', why: 'decimal or binary? nobody agrees' },
    { written: 1000, is: 'bad-size: like 512KiB or 64MiB', why: 'no unit' },
    { written: '0B', is: 'bad-size: like 512KiB or 64MiB', why: 'nothing fits' },
    { written: '1GiB', is: 'size-out-of-range: at most 64MiB', why: 'too much' },
  ])('$written: $why', ({ written, is }) => {
    expect(read(field, written)).toBe(is);
  });
});
