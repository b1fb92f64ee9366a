/** A star, on the few hundred characters that values have. */
const ofRepetition = 8;

/**
 * How often JavaScript may try before it knows that an expression does not match, as a power of two; infinite where a group repeats what
 * repeats or chooses itself. RE2, whose expressions these are, tries everything at once.
 */
export function mostTries(expression: string): number {
  let rest = expression
    .replace(/\\[^]|\[(?:\\[^]|[^\]\\])*\]/g, 'x')
    .replaceAll('(?:', '(')
    .replace(/([*+?}])\?/g, '$1')
    .replace(/([^)])\{\d+\}/g, '$1');
  let tries = 0;
  for (const sign of rest) tries += '*+}'.includes(sign) ? ofRepetition : Number(sign === '?');
  for (;;) {
    const [group, inside, repetition] = /\(([^()]*)\)([*+{]?)/.exec(rest) ?? [];
    tries += Math.log2((inside ?? rest).split('|').length);
    if (group === undefined || inside === undefined) return tries;
    const isChoice = /[*+?}|]/.test(inside);
    if (isChoice && repetition !== '') return Infinity;
    rest = rest.replace(group, () => `${isChoice ? '?' : 'x'}${repetition!}`);
  }
}
