const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en', { maximumSignificantDigits: 3, notation: 'compact' });

/** `1,234,567` */
export function countText(count: number): string {
  return whole.format(count);
}

/** `1.2K`, `0.05` */
export function shortText(value: number): string {
  return short.format(value);
}

/** `12/s`, `< 0.01/s`: requests, as exact as a glance needs. */
export function rateText(perSecond: number): string {
  if (perSecond > 0 && perSecond < 0.01) return '< 0.01/s';
  return `${perSecond < 1 ? Number(perSecond.toPrecision(2)) : shortText(perSecond)}/s`;
}

/** `12:05`, or `Mar 2, 12:05` where that was not today, in the reader's time zone. */
export function momentText(seconds: number): string {
  const moment = new Date(seconds * 1000);
  if (moment.toDateString() === new Date().toDateString()) return timeText(seconds);
  return `${moment.toLocaleDateString('en', { month: 'short', day: 'numeric' })}, ${timeText(seconds)}`;
}

/** `12:05`, in the reader's time zone. */
export function timeText(seconds: number): string {
  // Not `hour12: false`: that calls the first hour of a day 24.
  return new Date(seconds * 1000).toLocaleTimeString('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
}

/** A text whose figures stay with their percent signs. */
export function unbroken(text: string): string {
  return text.replace(/(?<=\d) (?=%)/g, '\u00a0');
}
