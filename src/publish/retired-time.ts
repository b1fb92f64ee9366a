import type { EpochSeconds } from '../domain/clock.js';

/** `2026-11-21T16:40Z`: when something was retired, as marks tell it. */
export function retiredText(since: EpochSeconds): string {
  return `${new Date(since * 1000).toISOString().slice(0, 16)}Z`;
}

/** The moment that such a text tells; undefined for any other text. */
export function retiredTime(text: string): EpochSeconds | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\dZ$/.test(text)) return undefined;
  const milliseconds = Date.parse(text.replace('Z', ':00Z'));
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1000;
}
