import { computed, effect, signal } from '@preact/signals';
import type { SloView } from '../server/api-types/slo.js';
import { type Urgency, urgencies } from '../domain/urgency.js';
import { readSnapshot, type Snapshot } from './api.js';

const groupings = ['urgency', 'service', 'team'] as const;
export type Grouping = (typeof groupings)[number];

/** The last good answer; undefined before the first. */
export const snapshot = signal<Snapshot | undefined>(undefined);
/** Why the last attempt to read failed; what is shown stays. */
export const problem = signal<string | undefined>(undefined);
/** Whether the stream of events is open. */
export const live = signal(false);
/** The page's clock, in seconds; ticks so that "30 s ago" stays true. */
export const now = signal(Date.now() / 1000);

/** What the address says of the list: a view can be sent to somebody. */
const asked = new URLSearchParams(location.search);
export const query = signal(asked.get('q') ?? '');
export const chosen = signal<ReadonlySet<Urgency>>(
  new Set(urgencies.filter((urgency) => asked.getAll('state').includes(urgency))),
);
export const grouping = signal<Grouping>(groupings.find((name) => name === asked.get('group')) ?? 'urgency');
/** Id of the SLO whose details are open, as in the address. */
export const openId = signal<string | undefined>(idInAddress());

/** How many SLOs there are of each urgency. */
export const counts = computed(() => {
  const result = new Map<Urgency, number>(urgencies.map((urgency) => [urgency, 0]));
  for (const { urgency } of snapshot.value?.slos ?? []) result.set(urgency, result.get(urgency)! + 1);
  return result;
});

/** Whether services of more than one cluster are there. */
export const manyClusters = computed(() => new Set(snapshot.value?.slos.map(({ cluster }) => cluster)).size > 1);

/** Whether every SLO with events holds imported ones: that is then said once. */
export const allImported = computed(() =>
  (snapshot.value?.slos ?? []).every(({ events }) => events.total === 0 || (events.imported ?? 0) > 0),
);

/** Traffic of a service by its three names. */
export const trafficByService = computed(
  () => new Map((snapshot.value?.services ?? []).map((service) => [serviceKeyOf(service), service.traffic])),
);

/** Text that the filter looks in, once per answer. */
const searchable = computed(() =>
  (snapshot.value?.slos ?? []).map((slo) => ({
    slo,
    text: [slo.service, slo.slo, slo.namespace, slo.cluster, slo.owner ?? '', slo.urgency].join(' ').toLowerCase(),
  })),
);

/** Ids of the SLOs that fit filter and chips; every word must occur. */
export const shown = computed(() => {
  const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
  return new Set(
    searchable.value
      .filter(({ slo }) => chosen.value.size === 0 || chosen.value.has(slo.urgency))
      .filter(({ text }) => words.every((word) => text.includes(word)))
      .map(({ slo }) => slo.id),
  );
});

/** All SLOs under their headings, filtered or not; groups keep the order of urgency of their first. */
export const groups = computed(() => {
  const result = new Map<string, SloView[]>();
  for (const slo of snapshot.value?.slos ?? []) {
    const title = grouping.value === 'team' ? (slo.owner ?? 'nobody') : grouping.value === 'service' ? slo.service : '';
    const group = result.get(title);
    if (group) group.push(slo);
    else result.set(title, [slo]);
  }
  return [...result];
});

export function serviceKeyOf({ cluster, namespace, service }: Pick<SloView, 'cluster' | 'namespace' | 'service'>) {
  return JSON.stringify([cluster, namespace, service]);
}

/** Begins to follow the server: reads now, at every committed slot, and again and again where that is not told. */
export function follow(): void {
  const events = new EventSource('/api/v1/events');
  events.addEventListener('open', () => {
    live.value = true;
  });
  events.addEventListener('error', () => {
    live.value = false;
  });
  events.addEventListener('slot', () => void refresh());
  addEventListener('hashchange', () => {
    openId.value = idInAddress();
  });
  setInterval(() => {
    now.value = Date.now() / 1000;
  }, 1000);
  setInterval(() => {
    if (!live.value) void refresh();
  }, 15_000);
  effect(keepInAddress);
  void refresh();
}

function keepInAddress(): void {
  const parameters = new URLSearchParams();
  if (query.value !== '') parameters.set('q', query.value);
  for (const urgency of chosen.value) parameters.append('state', urgency);
  if (grouping.value !== 'urgency') parameters.set('group', grouping.value);
  const search = parameters.size === 0 ? '' : `?${parameters.toString()}`;
  history.replaceState(null, '', `${location.pathname}${search}${location.hash}`);
}

let reading = false;
let readAgain = false;

/** One read at a time; a slot that ends meanwhile asks for another. */
async function refresh(): Promise<void> {
  readAgain = true;
  if (reading) return;
  reading = true;
  while (readAgain) {
    readAgain = false;
    try {
      snapshot.value = await readSnapshot();
      problem.value = undefined;
    } catch (error) {
      problem.value = error instanceof Error ? error.message : String(error);
    }
  }
  reading = false;
}

/** `#slo=<id>`. */
export function addressOf(id: string): string {
  return `#slo=${encodeURIComponent(id)}`;
}

function idInAddress(): string | undefined {
  const encoded = /^#slo=(.+)$/.exec(location.hash)?.[1];
  try {
    return encoded === undefined ? undefined : decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}
