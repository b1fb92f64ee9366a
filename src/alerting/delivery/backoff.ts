/** How long is waited after the first failure, and at most. */
interface Patience {
  readonly firstSeconds: number;
  readonly longestSeconds: number;
}

const usualPatience: Patience = { firstSeconds: 1, longestSeconds: 30 };

/**
 * How long to wait after so many failures in a row: twice as long each time, up to a limit (half a minute unless said), and by chance
 * up to half of that less, so that many who lost the same server do not come back at once.
 *
 * @param chance in [0, 1)
 */
export function backoffSeconds(failures: number, chance: number, patience = usualPatience): number {
  const { firstSeconds, longestSeconds } = patience;
  const whole = Math.min(longestSeconds, firstSeconds * 2 ** Math.min(failures - 1, 10));
  return whole * (1 - chance / 2);
}
