import { spanInWords } from '../../domain/in-words.js';
import type { WatcherView } from '../../server/api-types/watcher.js';
import { momentText } from '../words/numbers.js';

/** Gaps that are named; further ones are counted. */
const mostGaps = 3;

/** What the figures rest on, in one quiet line: who was read, what nobody could count, and what was imported. */
export function WatcherNotes({ watcher }: { readonly watcher: WatcherView }) {
  return <p class="watcher-notes">{watcherNotes(watcher).join(' · ')}</p>;
}

function watcherNotes(watcher: WatcherView): readonly string[] {
  const { targets, gaps, unseen, importedOrigins, refusedServices, targetsOverServiceLimit: over } = watcher;
  const all = targets.up + targets.down + targets.unknown;
  return [
    `${targets.up} of ${all} targets read`,
    ...(gaps.length > 0 ? [`nobody looked ${gapsInWords(gaps)}`] : []),
    ...(unseen.processes > 0 ? [unseenInWords(unseen)] : []),
    ...(importedOrigins.length > 0 ? [`holds imported figures: ${importedOrigins.join(', ')}`] : []),
    ...(over > 0
      ? [`${over} ${over === 1 ? 'target shows' : 'targets show'} more services than one may bring in`]
      : []),
    ...(refusedServices > 0 ? [`${refusedServices} services have no SLOs, there are too many`] : []),
  ];
}

/** What a proxy counts between its last answer and its end, nobody can read any more. */
function unseenInWords({ processes, seconds }: WatcherView['unseen']): string {
  const span = spanInWords(seconds);
  return processes === 1
    ? `a proxy restarted or went away: requests between the last look at it and its end are not counted (${span})`
    : `proxies restarted or went away ${processes} times: requests between the last look and the end are not counted (${span} in all)`;
}

function gapsInWords(gaps: WatcherView['gaps']): string {
  const named = gaps
    .slice(0, mostGaps)
    .map(({ fromSeconds, toSeconds }) => `from ${momentText(fromSeconds)} to ${momentText(toSeconds)}`);
  const more = gaps.length - named.length;
  return [...named, ...(more > 0 ? [`and ${more} times more`] : [])].join(', ');
}

/** What somebody must mend: the ledger, the configuration, a list of targets. */
export function WatcherTroubles({ watcher }: { readonly watcher: WatcherView }) {
  const { failure, slotsWaiting, refusedConfiguration, places, alerting } = watcher;
  return (
    <>
      {failure && (
        <p class="banner missed" role="alert">
          The newest minutes could not be written ({slotsWaiting} wait): {failure.message}. {failure.hint}
        </p>
      )}
      {alerting.error && (
        <p class="banner missed" role="alert">
          Nobody has looked for alerts since {momentText(alerting.lastLookSeconds)}: {alerting.error.message}.{' '}
          {alerting.error.hint}
        </p>
      )}
      {alerting.alertmanagers
        .filter(({ troubleSinceSeconds }) => troubleSinceSeconds !== null)
        .map(({ url, troubleSinceSeconds, error, refused }) => (
          <p class="banner missed" role="alert" key={url}>
            {error
              ? `${url} takes no alerts since ${momentText(troubleSinceSeconds!)}: ${error.message}.`
              : `${url} has refused ${refused} of our alerts since ${momentText(troubleSinceSeconds!)}.`}{' '}
            Whoever waits for it hears nothing.
          </p>
        ))}
      {refusedConfiguration && (
        <p class="banner doubtful" role="alert">
          The configuration that was changed at {momentText(refusedConfiguration.sinceSeconds)} is refused (
          {refusedConfiguration.mistakes} {refusedConfiguration.mistakes === 1 ? 'mistake' : 'mistakes'}; meshslo check
          shows them). The one before is in force.
        </p>
      )}
      {places
        .filter(({ error }) => error !== null)
        .map((place) => (
          <p class="banner doubtful" role="alert" key={`${place.job} ${place.place}`}>
            {unreadPlace(place)}
          </p>
        ))}
    </>
  );
}

function unreadPlace({ job, kind, place, targets, error }: WatcherView['places'][number]): string {
  const reason = error?.message ?? 'unknown';
  if (kind === 'secrets') return `The ${place} of ${job} cannot be read: ${reason}. Those that were read last stay.`;
  const from = reason.includes(place) ? '' : ` from ${place}`;
  const kept = targets === 0 ? 'None of its targets is known.' : `The ${targets} of its last good list stay.`;
  return `The targets of ${job}${from} cannot be read: ${reason}. ${kept}`;
}
