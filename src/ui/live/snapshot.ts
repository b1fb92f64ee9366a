import { computed, signal } from '@preact/signals';
import type { AlertList, AlertView } from '../../server/api-types/alert.js';
import type { ServiceList } from '../../server/api-types/service.js';
import type { WatcherView } from '../../server/api-types/watcher.js';
import { now } from './clock.js';
import { read, Trouble } from './server.js';

/** What every view of the page needs, read at one moment. */
export interface Snapshot {
  readonly list: ServiceList;
  /** Those that fire now, newest first. */
  readonly alerts: readonly AlertView[];
  readonly watcher: WatcherView;
  /** When it was read, by the page's clock. */
  readonly readSeconds: number;
}

/** The last good answer; undefined before the first. */
export const snapshot = signal<Snapshot | undefined>(undefined);
/** Why the last attempt to read failed; what is shown stays. */
export const trouble = signal<Trouble | undefined>(undefined);

/** Whether whoever looks may also say something: an editor, or anybody where nobody has to say who they are. */
export const mayEdit = computed(() => {
  const identity = snapshot.value?.watcher.identity;
  return identity === null || identity?.role === 'editor';
});

/** How old the newest figures are, in seconds, by clocks that need not agree; undefined while nothing is counted. */
export const ageSeconds = computed(() => {
  const { watcher, readSeconds } = snapshot.value ?? {};
  if (watcher?.lagSeconds == null) return undefined;
  return Math.max(0, watcher.lagSeconds + now.value - readSeconds!);
});

/** End of the newest counted slot; null while nothing is counted, undefined before the first answer. */
export const countedUntil = computed(() => snapshot.value?.watcher.countedUntilSeconds);

let reading = false;
let readAgain = false;

/** Reads everything anew; one read at a time, and what happens meanwhile asks for another. */
export async function refresh(): Promise<void> {
  readAgain = true;
  if (reading) return;
  reading = true;
  while (readAgain) {
    readAgain = false;
    try {
      snapshot.value = await readSnapshot();
      trouble.value = undefined;
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      trouble.value = error;
    }
  }
  reading = false;
}

async function readSnapshot(): Promise<Snapshot> {
  const [list, alerts, watcher] = await Promise.all([
    read<ServiceList>('services'),
    read<AlertList>('alerts?state=active'),
    read<WatcherView>('status'),
  ]);
  return { list, alerts: alerts.alerts, watcher, readSeconds: Date.now() / 1000 };
}
