import { computed } from '@preact/signals';
import type { Urgency } from '../../domain/urgency.js';
import type { AlertView } from '../../server/api-types/alert.js';
import { alertAddress, serviceAddress } from '../address/address.js';
import { snapshot } from '../live/snapshot.js';
import { alertNews, alertSubject, serviceOf } from '../words/alert-words.js';
import { momentText } from '../words/numbers.js';
import { shortName } from '../words/short-name.js';
import { urgencyCounts } from './list-filter.js';

/** Pages that are told in full; of further ones the number. */
const mostPages = 5;
const mostNames = 4;

const firing = computed(() => {
  const alerts = (snapshot.value?.alerts ?? []).filter(({ inhibited }) => !inhibited);
  const pages = alerts.filter(({ severity }) => severity === 'page');
  return {
    pages: pages.filter(({ acknowledged }) => !acknowledged),
    looked: pages.filter(({ acknowledged }) => acknowledged),
    tickets: alerts.filter(({ severity }) => severity === 'ticket'),
  };
});

/** What burns, in one sentence that is read out when it changes; below it what calls, loudest first. */
export function StateBanner() {
  const { pages, looked, tickets } = firing.value;
  const isLoud = pages.length > 0 || (looked.length === 0 && (urgencyCounts.value.get('burning') ?? 0) > 0);
  return (
    <section class={isLoud ? 'banner burning' : isKnown() ? 'banner' : 'banner doubtful'} aria-label="What burns">
      <p class="headline" role="status">
        {headline()}
      </p>
      {pages.length > 0 && (
        <ul class="pages">
          {pages.slice(0, mostPages).map((alert) => (
            <PageLine key={alert.id} alert={alert} />
          ))}
          {pages.length > mostPages && (
            <li>
              <a href="/alerts">and {pages.length - mostPages} further pages</a>
            </li>
          )}
        </ul>
      )}
      {looked.length > 0 && (
        <Quiet title={looked.length === 1 ? 'Acknowledged page' : 'Acknowledged pages'} alerts={looked} />
      )}
      {tickets.length > 0 && <Quiet title={tickets.length === 1 ? 'Ticket' : 'Tickets'} alerts={tickets} />}
    </section>
  );
}

function PageLine({ alert }: { readonly alert: AlertView }) {
  const service = serviceOf(alert);
  const subject = alertSubject(alert);
  return (
    <li>
      <a
        href={service ? serviceAddress(service, alert.slo === null ? {} : { slo: alert.slo }) : alertAddress(alert.id)}
      >
        {subject}
      </a>{' '}
      {alertNews(alert)} <span class="aside">since {momentText(alert.startedSeconds)}</span>{' '}
      {alert.owner !== null && <span class="aside">{shortName(alert.owner)}</span>}{' '}
      <a class="aside" href={alertAddress(alert.id)} aria-label={`What to do about ${subject}`}>
        What to do
      </a>
    </li>
  );
}

/** What can wait, or is being looked after, in one line. */
function Quiet({ title, alerts }: { readonly title: string; readonly alerts: readonly AlertView[] }) {
  // Two tickets about one SLO are one thing to look after.
  const subjects = [...new Map(alerts.map((alert) => [alertSubject(alert), alert])).values()];
  return (
    <p class="quiet">
      {title}:{' '}
      {subjects.slice(0, mostNames).map((alert, index) => (
        <span key={alert.id}>
          {index > 0 && ', '}
          <a href={alertAddress(alert.id)}>{alertSubject(alert)}</a>
          {alert.acknowledged && ` (${alert.acknowledged.by})`}
        </span>
      ))}
      {subjects.length > mostNames && (
        <>
          {' '}
          and <a href="/alerts">{subjects.length - mostNames} more</a>
        </>
      )}
    </p>
  );
}

const judged: readonly Urgency[] = ['burning', 'missed', 'at-risk', 'healthy'];

/** Nothing burns only where somebody looked. */
function isKnown(): boolean {
  return judged.some((urgency) => (urgencyCounts.value.get(urgency) ?? 0) > 0);
}

function headline(): string {
  const count = (urgency: Urgency) => urgencyCounts.value.get(urgency) ?? 0;
  if (!isKnown()) {
    const { up, down, unknown } = snapshot.value!.watcher.targets;
    return `Nothing can be said about any service; ${up} of ${up + down + unknown} targets answer.`;
  }
  const [burning, missed, risky] = [count('burning'), count('missed'), count('at-risk')];
  const first =
    burning === 0
      ? 'Nothing burns.'
      : `${burning} ${burning === 1 ? 'service burns' : 'services burn'} fast enough to wake somebody.`;
  const missedText = missed === 0 ? '' : ` ${missed} ${missed === 1 ? 'has' : 'have'} missed an objective.`;
  const riskText = risky === 0 ? '' : ` ${risky} ${risky === 1 ? 'is' : 'are'} at risk.`;
  return first + missedText + riskText;
}
