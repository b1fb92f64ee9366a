/** Headers of an answer, as undici has them. */
type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * For how long a server asks to be left alone: seconds, or until a date, which is held against the clock that it shows itself.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-retry-after
 */
export function retryAfterSeconds({ 'retry-after': after, date }: Headers): number | undefined {
  if (typeof after !== 'string') return undefined;
  if (/^\d{1,9}$/.test(after)) return Number(after);
  const [until, now] = [epochSeconds(after), epochSeconds(date)];
  return until === undefined || now === undefined ? undefined : Math.max(0, until - now);
}

/** Of a date as HTTP writes them; undefined for any other text. */
export function epochSeconds(date: string | readonly string[] | undefined): number | undefined {
  const milliseconds = typeof date === 'string' && /[a-z]/i.test(date) ? Date.parse(date) : NaN;
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1000;
}
