import { signal } from '@preact/signals';
import { refresh, snapshot } from './snapshot.js';

/** Whether the stream of events is open. */
export const isLive = signal(false);

/** How often is asked where nothing is told, in seconds. */
const pollSeconds = 15;

/** A slot comes every minute; after so long without one, a stream that looks open may be dead. */
const quietSeconds = 80;

/** Reads now, whenever the server says that something is new, and again and again where it cannot say so. */
export function followServer(): void {
  const events = new EventSource('/api/v1/events');
  events.addEventListener('open', () => {
    isLive.value = true;
    // Whatever was told while nobody listened.
    void refresh();
  });
  events.addEventListener('error', () => {
    isLive.value = false;
  });
  for (const name of ['slot', 'alerts', 'findings']) events.addEventListener(name, () => void refresh());
  setInterval(() => {
    if (!isLive.value || isQuiet()) void refresh();
  }, pollSeconds * 1000);
  addEventListener('online', () => void refresh());
  void refresh();
}

/** Whether nothing was read for longer than there should be nothing to read. */
function isQuiet(): boolean {
  return Date.now() / 1000 - (snapshot.peek()?.readSeconds ?? 0) > quietSeconds;
}
