import { countInWords } from '../../domain/in-words.js';
import { serviceKey } from '../../domain/service-id.js';
import type { SloWeek } from '../slo-week.js';
import type { WeekReport } from '../week-report.js';

/** Changed SLOs that are told one by one. */
const mostTold = 5;

/** Only what these hold makes another report of it. */
type Revised = Pick<WeekReport, 'slos' | 'corrections'>;

/**
 * What is different in a report that was given before, a sentence each: counts and states of SLOs, and what was taken out of
 * the count. Empty where all that readers were told still holds.
 */
export function revisionChanges(before: Revised, now: Revised): readonly string[] {
  const known = new Map(before.slos.map((slo) => [slo.id, slo]));
  const changed = now.slos.flatMap((slo) => {
    const old = known.get(slo.id);
    known.delete(slo.id);
    return sloChange(old, slo) ?? [];
  });
  const gone = [...known.values()].map((slo) => `${nameOf(slo)} is no longer in it.`);
  const all = [...changed, ...gone];
  const rest = all.length - mostTold;
  const more = rest > 0 ? [`${countInWords(rest)} more SLO${rest === 1 ? ' has' : 's have'} changed.`] : [];
  return [...correctionChange(before, now), ...all.slice(0, mostTold), ...more];
}

function sloChange(old: SloWeek | undefined, now: SloWeek): string | undefined {
  if (!old) return `${nameOf(now)} is new in it.`;
  const { week: was } = old;
  const { week: is } = now;
  if (was.total !== is.total || was.bad !== is.bad) {
    const figures = `${countInWords(is.bad)} of ${countInWords(is.total)} bad`;
    return `${nameOf(now)}: ${figures}, before it was ${countInWords(was.bad)} of ${countInWords(was.total)}.`;
  }
  return old.state === now.state ? undefined : `${nameOf(now)} is ${now.state}, before it was ${old.state}.`;
}

function correctionChange(
  { corrections: before = [] }: Revised,
  { corrections: now = [] }: Revised,
): readonly string[] {
  const inForce = (list: typeof now): number => list.filter(({ undone }) => !undone).length;
  if (JSON.stringify(before) === JSON.stringify(now)) return [];
  return [`${countInWords(inForce(now))} corrections are in force, before it were ${countInWords(inForce(before))}.`];
}

function nameOf({ slo }: SloWeek): string {
  return `${serviceKey(slo.service)} ${slo.name}`;
}
