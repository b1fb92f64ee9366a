import type { ReportEntryView, ReportList, ReportView } from '../../src/server/api-types/report.js';
import { noon } from './made-up-world.js';

/** 2026-02-23T00:00:00Z, Monday of week 9; noon of the made-up world is a week and two days later. */
const monday = Date.UTC(2026, 1, 23) / 1000;
const week = 7 * 86_400;

const longName = `team-${'x'.repeat(400)}`;

export function entry(given: Partial<ReportEntryView> = {}): ReportEntryView {
  return {
    id: '2026-W09',
    week: '2026-W09',
    team: null,
    revision: 1,
    subject: 'Week 9 of 2026 the organisation: 35 of 37 promises were kept.',
    madeSeconds: noon - 86_400,
    letters: { queued: 1, sent: 2, refused: 1 },
    ...given,
  };
}

export function reportList(given: Partial<ReportList> = {}): ReportList {
  return {
    reports: [entry({ id: '2026-W09~2', revision: 2 }), entry({ letters: { queued: 0, sent: 4, refused: 0 } })],
    nextCursor: null,
    timeZone: 'UTC',
    weeks: [1, 0, -1].map((step) => ({
      week: `2026-W${String(9 + step).padStart(2, '0')}`,
      fromSeconds: monday + step * week,
      toSeconds: monday + (step + 1) * week,
    })),
    teams: ['team-pay', 'team-shop', longName],
    ...given,
  };
}

const plain = { tone: null, href: null, note: null } as const;

/** A report with everything that one can say, some of it hostile. */
export function reportView(given: Partial<ReportView> = {}): ReportView {
  const cell = (text: string, rest: object = {}) => ({ ...plain, text, ...rest });
  return {
    id: '2026-W09~2',
    week: '2026-W09',
    team: null,
    fromSeconds: monday,
    toSeconds: monday + week,
    isFinished: true,
    archived: entry({ id: '2026-W09~2', revision: 2 }),
    newerId: null,
    letters: [
      { way: 'mail', recipient: 'ada@example.com', state: 'sent', attempts: 1, settledSeconds: noon, reason: null },
      {
        way: 'mail',
        recipient: 'gone@example.com',
        state: 'refused',
        attempts: 1,
        settledSeconds: noon,
        reason: '550 no such user',
      },
      {
        way: 'slack',
        recipient: '/run/secrets/slack',
        state: 'queued',
        attempts: 3,
        settledSeconds: null,
        reason: 'answered with status 503',
      },
    ],
    teams: ['team-pay', 'team-shop'],
    before: '2026-W08',
    after: '2026-W10',
    document: {
      subject: 'Week 9 of 2026 the organisation: 35 of 37 promises were kept.',
      overline: 'Week 9 of 2026, 23 February to 1 March 2026 · the organisation',
      title: '35 of 37 promises were kept.',
      lead: [{ ...plain, text: 'Revision 2 of this report.', tone: 'warn' }, cell('12 services with 37 SLOs.')],
      sections: [
        {
          title: 'What needs attention next week',
          blocks: [
            {
              kind: 'actions',
              actions: [
                {
                  title: `<img src=x onerror=alert(1)> ${longName}`,
                  why: '99.8 % good',
                  action: 'Roll back.',
                  owner: 'team-shop',
                  href: '/services/berlin/shop/cart',
                },
              ],
            },
          ],
        },
        {
          title: 'Promises',
          blocks: [
            {
              kind: 'table',
              table: {
                caption: 'SLOs, the worst first',
                columns: [
                  { title: 'Promise', align: 'left' },
                  { title: 'Kept', align: 'right' },
                  { title: 'Left', align: 'right' },
                ],
                rows: [
                  [
                    cell('shop/cart availability', { href: '/services/berlin/shop/cart', note: '99.9 % over 30 days' }),
                    cell('99.83 %', { tone: 'bad' }),
                    cell('-72 %', { tone: 'bad', note: 'broken' }),
                  ],
                  [cell(longName), cell('99.99 %', { tone: 'good' }), cell('12 %', { tone: 'warn' })],
                ],
              },
            },
            { kind: 'picture', picture: { alt: 'The budget of the cart went from 20 % to -72 %.', url: '/icon.svg' } },
            { kind: 'paragraph', paragraph: cell('And 27 more.', { tone: 'faint' }) },
          ],
        },
        {
          title: 'When budget went fast',
          blocks: [
            {
              kind: 'entries',
              entries: [
                { title: 'shop/cart', when: 'Tue 19:00 to 19:15', tone: 'bad', href: null, facts: ['No alert fired.'] },
              ],
            },
          ],
        },
      ],
      footer: ['Clocks of UTC.'],
    },
    ...given,
  };
}
