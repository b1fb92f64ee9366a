import { setTimeout as sleep } from 'node:timers/promises';

const lookEveryMilliseconds = 100;

/** Waits for somebody who has just been asked, and not for ever: all waits together end so long after this was called. */
export function firstWord(isTold: () => boolean, patienceSeconds: number): () => Promise<void> {
  const until = performance.now() + patienceSeconds * 1000;
  return async () => {
    while (!isTold() && performance.now() < until) await sleep(lookEveryMilliseconds);
  };
}
