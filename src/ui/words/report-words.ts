import type { LetterCountsView, ReportEntryView, ReportWeekView } from '../../server/api-types/report.js';

/** `Week 47 of 2026` for `2026-W47`. */
export function weekTitle(week: string): string {
  return `Week ${Number(week.slice(6))} of ${week.slice(0, 4)}`;
}

/** `16 – 22 Nov`, by the clocks of the zone whose week it is. */
export function weekDays({ fromSeconds, toSeconds }: ReportWeekView, timeZone: string): string {
  const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone });
  // The last moment of Sunday; the next one is Monday's.
  return day.formatRange(fromSeconds * 1000, (toSeconds - 1) * 1000);
}

/** `sent to 3`, `2 wait, 1 refused`; undefined where nobody is sent it. */
export function lettersText({ queued, sent, refused }: LetterCountsView): string | undefined {
  const parts = [
    sent > 0 && `sent to ${sent}`,
    queued > 0 && `${queued} wait`,
    refused > 0 && `${refused} not reached`,
  ];
  return parts.filter(Boolean).join(', ') || undefined;
}

/** What a report is called without its week and scope, which stand beside it. */
export function verdictOf({ subject, team }: Pick<ReportEntryView, 'subject' | 'team'>): string {
  // The name of a team may hold what stands before the verdict.
  const named = (team ?? '').split(': ').length;
  return subject.split(': ').slice(named).join(': ') || subject;
}
