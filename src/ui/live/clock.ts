import { signal } from '@preact/signals';

/** The page's clock, in epoch seconds; ticks so that "2 minutes ago" stays true. */
export const now = signal(Date.now() / 1000);

export function startClock(): void {
  setInterval(() => {
    now.value = Date.now() / 1000;
  }, 1000);
}
