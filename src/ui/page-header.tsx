import { spanInWords } from '../domain/in-words.js';
import { counts, live, now, problem, snapshot } from './store.js';

/** Slots come once a minute; two that are missing are no delay any more. */
const staleSeconds = 180;

/** What burns, in one sentence that is read out when it changes; and whether the page can be believed. */
export function PageHeader() {
  const burning = counts.value.get('burning')!;
  const missed = counts.value.get('missed')!;
  return (
    <header>
      <h1>meshslo</h1>
      <Freshness />
      {snapshot.value && (
        <p class={burning > 0 ? 'banner burning' : 'banner'} role="status">
          {bannerText(burning, missed)}
        </p>
      )}
      <Warnings />
    </header>
  );
}

function bannerText(burning: number, missed: number): string {
  const missedText = missed === 0 ? '' : ` ${missed} ${missed === 1 ? 'has' : 'have'} missed the objective.`;
  if (burning === 0) return `Nothing burns.${missedText}`;
  return `${burning} ${burning === 1 ? 'SLO burns' : 'SLOs burn'} fast enough to wake somebody.${missedText}`;
}

function Freshness() {
  const until = snapshot.value?.watcher.countedUntilSeconds;
  if (problem.value !== undefined) return <p class="freshness offline">offline: {problem.value}</p>;
  if (until === undefined) return <p class="freshness">reading …</p>;
  if (until === null) return <p class="freshness offline">nothing counted yet</p>;
  const age = Math.max(0, now.value - until);
  const text = age < 60 ? 'counted up to this minute' : `counted up to ${spanInWords(age)} ago`;
  const isStale = age > staleSeconds || !live.value;
  return (
    <p class={isStale ? 'freshness offline' : 'freshness live'}>
      {age > staleSeconds ? 'stale' : live.value ? 'live' : 'not live'}: {text}
    </p>
  );
}

function Warnings() {
  const watcher = snapshot.value?.watcher;
  if (!watcher?.failure) return null;
  return (
    <p class="banner missed" role="alert">
      The newest minutes could not be written ({watcher.slotsWaiting} wait): {watcher.failure.message}.{' '}
      {watcher.failure.hint}
    </p>
  );
}
