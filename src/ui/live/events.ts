import { signal } from '@preact/signals';
import { refresh } from './snapshot.js';

/** Whether the stream of events is open. */
export const isLive = signal(false);

/** How often is asked where nothing is told, in seconds. */
const pollSeconds = 15;

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
  for (const name of ['slot', 'alerts']) events.addEventListener(name, () => void refresh());
  setInterval(() => {
    if (!isLive.value) void refresh();
  }, pollSeconds * 1000);
  addEventListener('online', () => void refresh());
  void refresh();
}
