import type { Problem } from '../server/api-types/problem.js';
import type { ServiceList } from '../server/api-types/service.js';
import type { SloDetail, SloList } from '../server/api-types/slo.js';
import type { WatcherView } from '../server/api-types/watcher.js';

/** Everything that the list shows, read at one moment. */
export interface Snapshot {
  readonly slos: SloList['slos'];
  readonly services: ServiceList['services'];
  readonly watcher: WatcherView;
}

/** Reads the list. Throws an Error that says what the server answered, or that it did not. */
export async function readSnapshot(): Promise<Snapshot> {
  const [{ slos }, { services }, watcher] = await Promise.all([
    get<SloList>('slos'),
    get<ServiceList>('services'),
    get<WatcherView>('status'),
  ]);
  return { slos, services, watcher };
}

/** Reads one SLO's last day. */
export function readDetail(id: string): Promise<SloDetail> {
  return get(`slo?id=${encodeURIComponent(id)}&range=24h`);
}

async function get<T>(path: string): Promise<T> {
  const response = await fetch(`/api/v1/${path}`, { signal: AbortSignal.timeout(20_000) });
  if (response.status === 401) location.assign('/login');
  if (!response.ok) {
    const problem = (await response.json().catch(() => undefined)) as Problem | undefined;
    throw new Error(problem?.detail ?? `the server answered ${response.status}`);
  }
  return (await response.json()) as T;
}
