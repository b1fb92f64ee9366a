import { visible } from '../../documents/visible.js';
import type { WeekReport } from '../week-report.js';

/** @see https://docs.slack.dev/reference/block-kit/blocks */
const longestHeader = 150;
const longestSection = 3000;
const longestText = 4000;

/** What somebody reads in a channel; the rest is behind the link. */
const mostActions = 5;

/** What a message is made of. */
interface SlackParts {
  readonly report: Pick<WeekReport, 'headline' | 'attention' | 'revision'>;
  /** What a mail of it is called. */
  readonly subject: string;
  /** Of the report on the page; undefined where nobody said where that is. */
  readonly address: string | undefined;
}

/** A report as a message of Slack: the verdict, what needs attention, and where the rest is. Bounded, whatever is in it. */
export function slackMessage({ report, subject, address }: SlackParts): object {
  const actions = report.attention.slice(0, mostActions).map(({ title: what, why, action, owner }, index) => {
    const whose = owner === undefined ? '' : ` _(${escaped(owner)})_`;
    return `*${index + 1}. ${escaped(what)}*${whose}\n${escaped(why)}\n${escaped(action)}`;
  });
  const more = report.attention.length - actions.length;
  const sections = [
    ...(report.revision
      ? [`Revision ${report.revision.number}. ${report.revision.changes.map(escaped).join(' ')}`]
      : []),
    ...(actions.length > 0 ? ['*What needs attention next week*', ...actions] : ['Nothing needs attention next week.']),
    ...(more > 0 ? [`And ${more} more.`] : []),
  ];
  return {
    // What is read aloud and shown in a notification.
    text: clipped(escaped(subject), longestText),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: clipped(visible(report.headline), longestHeader) } },
      { type: 'context', elements: [{ type: 'plain_text', text: clipped(visible(subject), longestHeader) }] },
      ...sections.map((text) => ({
        type: 'section',
        text: { type: 'mrkdwn', text: clipped(text, longestSection), verbatim: true },
      })),
      ...(address === undefined
        ? []
        : [
            {
              type: 'actions',
              elements: [{ type: 'button', text: { type: 'plain_text', text: 'The whole report' }, url: address }],
            },
          ]),
    ],
  };
}

/** Text of others as Slack shows it, `verbatim`: no mention, no link, no mark-up. @see https://docs.slack.dev/messaging/formatting-message-text */
function escaped(text: string): string {
  return visible(text)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[*_~`]/g, (mark) => `${mark}\u200b`);
}

function clipped(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
