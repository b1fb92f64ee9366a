import { z } from 'zod';
import { formatDuration, parseDuration } from '../domain/duration.js';
import { issue } from './checked-value.js';

/** A text or a number, as YAML gives them; what it is about to become says whether it is right. */
const word = z.union([z.string(), z.number()]);

/** What a field of durations accepts, in seconds. */
export interface DurationLimits {
  readonly least: number;
  readonly most: number;
}

/** A duration in Prometheus' notation (`250ms`, `30s`, `1h30m`, `28d`), as seconds; exact to the millisecond. */
export function durationField({ least, most }: DurationLimits) {
  return word.transform((written, ctx) => {
    const seconds = typeof written === 'string' ? parseDuration(written) : undefined;
    if (seconds === undefined) {
      const hint =
        typeof written === 'number' ? `with its unit: ${written}s, ${written}ms` : 'like 250ms, 30s, 5m, 28d';
      ctx.addIssue(issue('bad-duration', `${JSON.stringify(written)} is no duration`, hint));
      return z.NEVER;
    }
    if (seconds < least || seconds > most) {
      const hint = `from ${formatDuration(least)} to ${formatDuration(most)}`;
      ctx.addIssue(issue('duration-out-of-range', `${String(written)} is out of range`, hint));
      return z.NEVER;
    }
    return seconds;
  });
}

/**
 * A wanted share of good events, as a ratio in (0, 1): written `99.9%` or `0.999`.
 *
 * All and nothing are refused: the first leaves no error budget, the second promises nothing.
 */
export const objectiveField = word.transform((written, ctx) => {
  const refuse = (code: string, message: string, hint: string): never => {
    ctx.addIssue(issue(code, message, hint));
    return z.NEVER;
  };
  const ratio = parseRatio(written);
  if (ratio === undefined)
    return refuse('bad-objective', `${JSON.stringify(written)} is no objective`, '99.9% or 0.999');
  if (ratio === 1) {
    const why = 'an objective of 100 % leaves no error budget: one failed request in a million breaks it for good';
    return refuse('objective-of-100-percent', why, 'promise a little less, such as 99.99%');
  }
  if (ratio === 0) return refuse('objective-of-0-percent', 'an objective of 0 % promises nothing', 'such as 99%');
  if (ratio > 1 && typeof written === 'number' && written < 100) {
    const meant = `${written}% or ${ratioOfPercent(written)}`;
    return refuse('objective-without-unit', `${written} is neither a ratio nor a percentage`, `write ${meant}`);
  }
  if (ratio < 0 || ratio > 1)
    return refuse('objective-out-of-range', `${written} is out of range`, 'between 0% and 100%');
  return ratio;
});

/** A share of something, as a ratio in (0, 1): written `2%` or `0.02`. */
export const shareField = word.transform((written, ctx) => {
  const ratio = parseRatio(written);
  if (ratio !== undefined && ratio > 0 && ratio < 1) return ratio;
  ctx.addIssue(issue('bad-share', `${JSON.stringify(written)} is no share`, 'between 0% and 100%, like 2% or 0.02'));
  return z.NEVER;
});

function parseRatio(written: string | number): number | undefined {
  if (typeof written === 'number') return Number.isFinite(written) ? written : undefined;
  const percent = /^(-?\d+(?:\.\d+)?)\s*%$/.exec(written)?.[1];
  if (percent !== undefined) return ratioOfPercent(Number(percent));
  return /^-?\d+(\.\d+)?$/.test(written) ? Number(written) : undefined;
}

/** 99.9 % is 0.999, not 0.9990000000000001. */
function ratioOfPercent(percent: number): number {
  return Number((percent / 100).toPrecision(12));
}

const unitBytes: Readonly<Record<string, number>> = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };

/** A size such as `64MiB`, as bytes. */
export function bytesField(most: number) {
  return word.transform((written, ctx) => {
    const [, amount, unit] = /^(\d+) ?(B|KiB|MiB|GiB)$/.exec(String(written)) ?? [];
    const bytes = Number(amount) * (unitBytes[unit ?? ''] ?? NaN);
    if (!Number.isSafeInteger(bytes) || bytes < 1) {
      ctx.addIssue(issue('bad-size', `${JSON.stringify(written)} is no size`, 'like 512KiB or 64MiB'));
      return z.NEVER;
    }
    if (bytes > most) {
      ctx.addIssue(
        issue('size-out-of-range', `${String(written)} is too much`, `at most ${most / unitBytes['MiB']!}MiB`),
      );
      return z.NEVER;
    }
    return bytes;
  });
}
