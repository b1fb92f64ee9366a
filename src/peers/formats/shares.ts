import type { Obstacle } from '../obstacle.js';

/** A share of good events, in (0, 1). */
export interface Share {
  readonly ratio: number;
}

/** A percentage as Sloth and Pyrra write it: 99.9. */
export function shareOfPercent(written: unknown): Share | Obstacle {
  const percent = numberOf(written);
  if (percent === undefined) return bad(`${JSON.stringify(written)} is no percentage`, 'such as 99.9');
  if (percent > 0 && percent < 1) {
    const meant = Number((percent * 100).toPrecision(12));
    return bad(`${percent} is ${percent} %: next to nothing is promised`, `if ${meant} % is meant, write ${meant}`);
  }
  return shareOf(percent / 100);
}

/** A ratio as OpenSLO writes it: 0.999. */
export function shareOfRatio(written: unknown): Share | Obstacle {
  const ratio = numberOf(written);
  if (ratio === undefined) return bad(`${JSON.stringify(written)} is no ratio`, 'such as 0.999');
  return shareOf(ratio);
}

function shareOf(exact: number): Share | Obstacle {
  const ratio = Number(exact.toPrecision(12));
  if (ratio === 1) {
    const hint = 'promise a little less, such as 99.99 %';
    return bad('a promise of 100 % has no error budget: one failed request in a million breaks it for good', hint);
  }
  if (!(ratio >= 0.01 && ratio < 1)) return bad(`${Number((ratio * 100).toPrecision(12))} % is out of range`);
  return { ratio };
}

function numberOf(written: unknown): number | undefined {
  if (typeof written === 'number') return Number.isFinite(written) ? written : undefined;
  return typeof written === 'string' && /^\d+(\.\d+)?$/.test(written.trim()) ? Number(written) : undefined;
}

function bad(message: string, hint?: string): Obstacle {
  return { code: 'bad-objective', message, hint };
}
