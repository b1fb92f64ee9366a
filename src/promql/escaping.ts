/**
 * A text as a PromQL string: whatever it holds, it stays one string. Prometheus 2 and 3 read it alike.
 *
 * @see https://prometheus.io/docs/prometheus/latest/querying/basics/#string-literals (Go's escapes)
 */
export function quoteString(text: string): string {
  const escaped = text.replace(/["\\\p{Cc}\p{Cs}\u2028\u2029]/gu, (character) => {
    if (character === '"' || character === '\\') return `\\${character}`;
    if (character === '\n') return '\\n';
    // Half a surrogate pair is no character; Go refuses its escape.
    if (/\p{Cs}/u.test(character)) return '\\ufffd';
    return `\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`;
  });
  return `"${escaped}"`;
}

/** A regular expression (RE2) that matches exactly this text. */
export function quoteRegex(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}

/** Whether a label can be written without quotes, which is the only way that Prometheus 2 knows. */
export function isPlainLabelName(name: string): boolean {
  return /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name);
}

/** Whether a metric can be written before the braces. */
export function isPlainMetricName(name: string): boolean {
  return /^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name);
}
