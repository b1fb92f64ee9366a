import { type Failure, failureOf } from '../domain/failure.js';
import type { Ending } from './destination.js';
import type { Plan, PlannedObject } from './plan.js';

/** What became of one destination. */
export interface Published {
  readonly destination: string;
  readonly same: number;
  /** Of every change. */
  readonly endings: readonly Ending[];
  /** What nobody may write over: it stays as it is. */
  readonly kept: readonly PlannedObject[];
  /** What waits for its time to go. */
  readonly waiting: readonly PlannedObject[];
  /** What the look before went on without, in sentences. */
  readonly remarks: readonly string[];
  /** A sentence about what followed, such as a reload. */
  readonly settled: string | undefined;
  /** Why that did not work. */
  readonly unsettled: Failure | undefined;
}

/**
 * Carries a plan out.
 *
 * Never fails: what does not work is told of each object, and the next run does it again.
 *
 * @param onEnding told of every change as it ends
 */
export async function publish(plan: Plan, onEnding: (ending: Ending) => void = () => undefined): Promise<Published> {
  const { destination, objects, same, remarks } = plan;
  const changes = objects.flatMap(({ change }) => change ?? []);
  const endings = changes.length === 0 ? [] : await destination.carryOut(changes, onEnding);
  const kept = objects.filter(({ change, standing }) => !change && (standing === 'edited' || standing === 'taken'));
  const waiting = objects.filter(({ standing }) => standing === 'retired');
  const common = { destination: destination.name, same, endings, kept, waiting, remarks };
  try {
    return { ...common, settled: await destination.settle?.(), unsettled: undefined };
  } catch (error) {
    return { ...common, settled: undefined, unsettled: failureOf(error) };
  }
}
