import { type Slo, sloId } from '../../src/domain/slo.js';
import type { WeekReport } from '../../src/report/week-report.js';
import { slo } from '../ledger/support.js';
import { burst, madeUpReport, week } from './made-up-report.js';
import { madeUpPast, shop } from './made-up-weeks.js';

/** Names that mean something to whoever does not escape them. */
export const hostileNames = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'; DROP TABLE slo; --",
  '| a | b |\n|---|---|',
  '[click](https://evil.example) `code` **bold**',
  "=cmd|' /C calc'!A0",
  '@SUM(1+1)',
  '\u202egnp.exe',
  'bell\u0007\u001b[31mred\r\nBcc: all@example.org',
  'a'.repeat(300),
  '&lt;b&gt; &amp; {{7*7}} ${7*7}',
  '日本語サービス',
  'half \ud800 a character',
] as const;

/** The report of services that are called so, owned by people who are called so. */
export function hostileReport(): Promise<WeekReport> {
  const slos: readonly Slo[] = hostileNames.map((name) => slo(name, { owner: name, name: `of ${name}` }));
  const past = madeUpPast({ ...week, burst });
  const slots = past.slots
    .filter(({ slo: id, at }) => id === sloId(shop.cart) && at >= week.from - 7 * 86_400)
    .flatMap((slot) => slos.map((one) => ({ ...slot, slo: sloId(one) })));
  return madeUpReport({ past: { slos, slots, unplaced: [], breakdown: new Map() } });
}
