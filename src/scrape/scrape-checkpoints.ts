import type { EpochSeconds } from '../domain/clock.js';
import type { Checkpoint } from '../domain/slot-batch.js';
import { decodeSavedTarget, encodeSeriesSet, encodeValues, type SavedTarget } from './saved-target.js';

const setPrefix = 'scrape/series/';
const valuesPrefix = 'scrape/values/';
const confirmationPrefix = 'scrape/confirmed/';

/** The checkpoints of one target; the set of its series only where it has changed. */
export function saveTarget(id: string, saved: SavedTarget, withSet: boolean): readonly Checkpoint[] {
  const values = { key: `${valuesPrefix}${id}`, state: encodeValues(saved) };
  return withSet ? [{ key: `${setPrefix}${id}`, state: encodeSeriesSet(saved) }, values] : [values];
}

/** Lets the ledger forget a target. */
export function forgetTarget(id: string): readonly Checkpoint[] {
  return [setPrefix, valuesPrefix].map((prefix) => ({ key: `${prefix}${id}`, state: undefined }));
}

/** When a job's list of targets was last known to be complete. */
export function saveConfirmation(job: string, confirmedAt: EpochSeconds): Checkpoint {
  return { key: `${confirmationPrefix}${job}`, state: new Uint8Array(new Float64Array([confirmedAt]).buffer) };
}

/** What an earlier run has saved. Checkpoints of other sources, and damaged ones, are passed over. */
export class CheckpointReader {
  readonly targets: ReadonlyMap<string, SavedTarget>;
  /** By job. */
  readonly confirmedAt: ReadonlyMap<string, EpochSeconds>;

  constructor(checkpoints: Iterable<Checkpoint>) {
    const sets = new Map<string, Uint8Array>();
    const values = new Map<string, Uint8Array>();
    const confirmedAt = new Map<string, EpochSeconds>();
    for (const { key, state } of checkpoints) {
      if (state === undefined) continue;
      if (key.startsWith(setPrefix)) sets.set(key.slice(setPrefix.length), state);
      else if (key.startsWith(valuesPrefix)) values.set(key.slice(valuesPrefix.length), state);
      else if (key.startsWith(confirmationPrefix) && state.length === Float64Array.BYTES_PER_ELEMENT) {
        confirmedAt.set(key.slice(confirmationPrefix.length), new Float64Array(new Uint8Array(state).buffer)[0]!);
      }
    }
    const targets = new Map<string, SavedTarget>();
    for (const [id, bytes] of values) {
      const set = sets.get(id);
      const saved = set && decodeSavedTarget(set, bytes);
      if (saved) targets.set(id, saved);
    }
    this.targets = targets;
    this.confirmedAt = confirmedAt;
  }
}
