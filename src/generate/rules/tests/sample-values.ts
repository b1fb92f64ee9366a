/** `0+2x30`, `5x10`, `7`, `_`, `stale`: what promtool calls values. */
const piece = /^(-?[\d.]+|_)(?:([+-])([\d.]+))?x(\d+)$/;

/**
 * The samples of a series up to one of them, and then the mark of its end.
 *
 * @param last counted from 0; a series that ended before stays as it is
 */
export function cutAfter(values: string, last: number): string {
  let room = last + 1;
  const kept: string[] = [];
  for (const part of values.split(' ')) {
    if (room === 0) break;
    const [, first, sign = '+', step = '0', repeated] = piece.exec(part) ?? [];
    if (repeated === undefined || first === undefined) {
      kept.push(part);
      room -= 1;
      continue;
    }
    // `5x2` is three samples of 5, `_x2` two that are missing.
    const isMissing = first === '_';
    const samples = Math.min(room, isMissing ? Number(repeated) : Number(repeated) + 1);
    kept.push(isMissing ? `_x${samples}` : `${first}${sign}${step}x${samples - 1}`);
    room -= samples;
  }
  return kept.at(-1) === 'stale' ? kept.join(' ') : `${kept.join(' ')} stale`;
}
