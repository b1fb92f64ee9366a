import type { EndpointSet } from './endpoint-set.js';

/** Does the work of a look; when the signal says that it took too long, whatever is under way at these endpoints ends. */
export async function interruptible<T>(
  signal: AbortSignal,
  sets: readonly EndpointSet[],
  work: () => Promise<T>,
): Promise<T> {
  const interrupt = (): void => {
    for (const set of sets) set.interrupt();
  };
  signal.addEventListener('abort', interrupt, { once: true });
  try {
    return await work();
  } finally {
    signal.removeEventListener('abort', interrupt);
  }
}
