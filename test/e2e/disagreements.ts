/**
 * Minutes whose verdict is not that of any reference minute near by, and the other way round.
 *
 * @param actual undefined where nobody looked
 * @param mostShift minutes that either may be late
 */
export function disagreements(
  actual: readonly (boolean | undefined)[],
  expected: readonly boolean[],
  mostShift: number,
): readonly string[] {
  const near = (list: readonly (boolean | undefined)[], at: number): readonly (boolean | undefined)[] =>
    list.slice(Math.max(0, at - mostShift), at + mostShift + 1);
  return expected.flatMap((verdict, at) => {
    const own = actual[at];
    if (own !== undefined && !near(expected, at).includes(own)) return [`minute ${at}: ${own ? 'fires' : 'silent'}`];
    const around = near(actual, at);
    if (!around.includes(verdict) && !around.includes(undefined))
      return [`minute ${at}: should ${verdict ? 'fire' : 'be silent'}`];
    return [];
  });
}
