import { setTimeout as sleep } from 'node:timers/promises';

/** Not how long anything may take: after so long it will not come. Less than jest waits, so that it is said what did not come. */
const patienceSeconds = 120;

/**
 * Waits until something is so.
 *
 * @param condition what it is; a request that fails counts as not yet
 * @throws Error that names the condition
 */
export async function until(condition: () => unknown): Promise<void> {
  const givenUp = performance.now() + patienceSeconds * 1000;
  let trouble = '';
  const isSo = async (): Promise<boolean> => {
    try {
      return Boolean(await condition());
    } catch (error) {
      trouble = `: ${String(error)}`;
      return false;
    }
  };
  while (!(await isSo())) {
    if (performance.now() > givenUp) throw new Error(`never so: ${condition.toString()}${trouble}`);
    await sleep(20);
  }
}
