import { spanInWords } from '../domain/in-words.js';
import { type Urgency, urgencies } from '../domain/urgency.js';
import type { WatcherView } from '../server/api-types/watcher.js';
import { counts, live, now, problem, snapshot } from './store.js';
import { WatcherNotes, WatcherTroubles } from './watcher-notes.js';

/** Slots come once a minute; two that are missing are no delay any more. */
const staleSeconds = 180;

/** What burns, in one sentence that is read out when it changes; and whether the page can be believed. */
export function PageHeader() {
  const watcher = snapshot.value?.watcher;
  return (
    <header>
      <h1>meshslo</h1>
      <Freshness />
      {watcher?.identity && (
        <form class="logout" method="post" action="/logout">
          <span>{watcher.identity.name}</span> <button type="submit">Log out</button>
        </form>
      )}
      {watcher && (
        <>
          <Banner targets={watcher.targets} />
          <WatcherTroubles watcher={watcher} />
          <WatcherNotes watcher={watcher} />
        </>
      )}
    </header>
  );
}

/** Nothing burns only where somebody looked. */
function Banner({ targets }: { readonly targets: WatcherView['targets'] }) {
  const count = (urgency: Urgency) => counts.value.get(urgency)!;
  const all = urgencies.reduce((sum, urgency) => sum + count(urgency), 0);
  const judged = count('burning') + count('missed') + count('at-risk') + count('healthy');
  const burning = count('burning');
  if (all > 0 && judged === 0) {
    return (
      <p class="banner doubtful" role="status">
        Nothing can be said about {all === 1 ? 'the only SLO' : `any of the ${all} SLOs`}; {targets.up} of{' '}
        {targets.up + targets.down + targets.unknown} targets answer.
      </p>
    );
  }
  return (
    <p class={burning > 0 ? 'banner burning' : 'banner'} role="status">
      {bannerText(burning, count('missed'))}
    </p>
  );
}

function bannerText(burning: number, missed: number): string {
  const missedText = missed === 0 ? '' : ` ${missed} ${missed === 1 ? 'has' : 'have'} missed the objective.`;
  if (burning === 0) return `Nothing burns.${missedText}`;
  return `${burning} ${burning === 1 ? 'SLO burns' : 'SLOs burn'} fast enough to wake somebody.${missedText}`;
}

function Freshness() {
  const until = snapshot.value?.watcher.countedUntilSeconds;
  const targets = snapshot.value?.watcher.targets;
  if (problem.value !== undefined) return <p class="freshness offline">offline: {problem.value}</p>;
  if (until === undefined) return <p class="freshness">reading …</p>;
  if (until === null) return <p class="freshness offline">nothing counted yet</p>;
  const age = Math.max(0, now.value - until);
  const text = age < 60 ? 'counted up to this minute' : `counted up to ${spanInWords(age)} ago`;
  const isStale = age > staleSeconds;
  const isBlind = targets?.up === 0;
  return (
    <p class={isStale || isBlind || !live.value ? 'freshness offline' : 'freshness live'}>
      {isBlind ? 'no target answers' : isStale ? 'stale' : live.value ? 'live' : 'not live'}: {text}
    </p>
  );
}
