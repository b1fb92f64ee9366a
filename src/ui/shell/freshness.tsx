import { computed } from '@preact/signals';
import { spanInWords } from '../../domain/in-words.js';
import { isLive } from '../live/events.js';
import { ageSeconds, countedUntil, snapshot, trouble } from '../live/snapshot.js';
import { momentText } from '../words/numbers.js';

/** Slots come once a minute; one that is missing is no delay any more. */
const staleSeconds = 120;

/** How far what is shown can be believed. */
export type Belief =
  | { readonly kind: 'reading' | 'live' | 'empty' }
  | { readonly kind: 'stale' | 'blind' | 'disconnected' | 'logged-out'; readonly text: string };

/** Whether what is shown is what is; where it is not, since when and why. */
export const belief = computed<Belief>((): Belief => {
  const until = countedUntil.value;
  const upTo = until == null ? '' : ` These numbers end at ${momentText(until)}.`;
  if (trouble.value?.kind === 'logged-out') return { kind: 'logged-out', text: `You are no longer logged in.${upTo}` };
  if (trouble.value)
    return { kind: 'disconnected', text: `Not connected: ${trouble.value.message}. Trying again.${upTo}` };
  if (until === undefined) return { kind: 'reading' };
  const { up, down, unknown } = snapshot.value!.watcher.targets;
  if (up + down + unknown === 0) return { kind: 'blind', text: `There is no target to read.${upTo}` };
  if (up === 0) return { kind: 'blind', text: `No target answers.${upTo}` };
  if (until === null) return { kind: 'empty' };
  if ((ageSeconds.value ?? 0) > staleSeconds) {
    return { kind: 'stale', text: `Nothing new since ${momentText(until)}: meshslo counts no more.` };
  }
  return { kind: 'live' };
});

/** In the corner: in a word how fresh the numbers are. */
export function Freshness() {
  const { kind } = belief.value;
  const age = ageSeconds.value ?? 0;
  const text = {
    reading: 'reading …',
    empty: 'nothing counted yet',
    live: `${isLive.value ? 'live' : 'asking every 15 s'}, counted up to ${age < 90 ? 'this minute' : `${spanInWords(age)} ago`}`,
    stale: `stale for ${spanInWords(age)}`,
    blind: 'nothing answers',
    disconnected: 'not connected',
    'logged-out': 'logged out',
  }[kind];
  const isGood = kind === 'live' || kind === 'reading';
  return <p class={`freshness ${isGood ? kind : 'doubtful'}`}>{text}</p>;
}

/** Over the page: that it cannot be believed any more. */
export function BeliefBanner() {
  const now = belief.value;
  if (!('text' in now)) return null;
  return (
    <p class="banner doubtful" role="alert">
      {now.text}
      {now.kind === 'logged-out' && (
        <>
          {' '}
          <a href={loginAddress()}>Log in again</a>
        </>
      )}
    </p>
  );
}

/** The login that leads back here. */
export function loginAddress(): string {
  return `/login?next=${encodeURIComponent(location.pathname + location.search)}`;
}
