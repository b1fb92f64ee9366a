/** What one look at a server has shown. `unknown`: the server does not tell; nobody knows whether it is good. */
export interface LiveFinding {
  readonly verdict: 'good' | 'warning' | 'error' | 'unknown';
  /** Stable and kebab-case. */
  readonly code: string;
  readonly message: string;
  /** What to do. */
  readonly hint?: string;
}

export function good(code: string, message: string): LiveFinding {
  return { verdict: 'good', code, message };
}

/** A list of names for people: the first few, and how many more. */
export function named(names: readonly string[]): string {
  const [first = '', second, ...others] = [...new Set(names)];
  if (second === undefined) return first;
  return others.length === 0 ? `${first} and ${second}` : `${first}, ${second} and ${others.length} more`;
}
