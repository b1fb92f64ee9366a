import type { Patience } from '../../src/publish/http/api-client.js';

/** Waits for nothing, and remembers how long it would have waited. */
export function noPatience(): Patience & { readonly waited: number[] } {
  const waited: number[] = [];
  return {
    waited,
    chance: () => 0,
    pause: (seconds) => {
      waited.push(seconds);
      return Promise.resolve();
    },
  };
}
