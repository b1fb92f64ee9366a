import type { Selector } from '../../promql/expression.js';

/** Whether a query asks for one moment, or for every step of the shown time. */
export type Moment = 'now' | 'steps';

/** So long a stretch says how it is now. */
const nowSeconds = 300;

/** The stretch over which counters are rated: never shorter than a scrape or two, and with no step left out. */
export function rateRange(moment: Moment): Pick<Selector, 'rangeSeconds' | 'rangeVariable'> {
  return moment === 'now' ? { rangeSeconds: nowSeconds } : { rangeVariable: '$__rate_interval' };
}

/** The stretch of recorded minutes that one step stands for: every minute goes into one step, and into no other. */
export function minutesRange(moment: Moment): Pick<Selector, 'rangeSeconds' | 'rangeVariable'> {
  return moment === 'now' ? { rangeSeconds: nowSeconds - 0.001 } : { rangeVariable: '$__interval' };
}
