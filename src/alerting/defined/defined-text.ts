import type { GaugeSeries } from './gauge-condition.js';

/** A text of a definition, with what the alert is about in its braces: what the generated rule has Prometheus write. */
export function definedText(text: string, { labels, value }: GaugeSeries): string {
  return text.replace(/\{([a-z_]+)(?:\|([a-z]+))?(?:\|([a-z]+))?\}/g, (_, ...found: (string | undefined)[]) => {
    const [word = '', form, several] = found;
    if (several !== undefined) return humanized(value) === '1' ? form! : several;
    if (word === 'value') return valueInWords(value, form);
    return labels[word] ?? (word === 'owner' ? 'nobody known' : '');
  });
}

function valueInWords(value: number, form: string | undefined): string {
  if (form === 'percent') return `${Number((value * 100).toPrecision(4))}%`;
  if (form === 'end')
    return value < 0 ? `ended ${humanizedDuration(-value)} ago` : `ends in ${humanizedDuration(value)}`;
  return form === 'duration' ? humanizedDuration(value) : humanized(value);
}

/** As Prometheus' `humanize` for what gauges count: `3`, `1.234k`. */
function humanized(value: number): string {
  const power = Math.abs(value) >= 1e6 ? 2 : Math.abs(value) >= 1000 ? 1 : 0;
  return `${Number((value / 1000 ** power).toPrecision(4))}${['', 'k', 'M'][power]}`;
}

/** As Prometheus' `humanizeDuration`: `1h 5m 3s`, `1d 0h 0m 0s`, below a minute with its parts. */
function humanizedDuration(value: number): string {
  const sign = value < 0 ? '-' : '';
  const seconds = Math.abs(value);
  if (seconds < 60) return `${sign}${Number(seconds.toPrecision(4))}s`;
  const whole = Math.floor(seconds);
  const parts = [Math.floor(whole / 86_400), Math.floor(whole / 3600) % 24, Math.floor(whole / 60) % 60, whole % 60];
  const first = parts.findIndex((part) => part > 0);
  return sign + parts.flatMap((part, index) => (index < first ? [] : [`${part}${'dhms'[index]!}`])).join(' ');
}
