import { computed } from '@preact/signals';
import type { ServiceView } from '../../server/api-types/service.js';
import { type Urgency, urgencies } from '../../domain/urgency.js';
import { navigate, route, search } from '../address/navigation.js';
import { snapshot } from '../live/snapshot.js';
import { urgencyNames } from '../words/urgency-mark.js';

/** Places and people that a list can be narrowed to. */
export const facets = ['owner', 'namespace', 'cluster'] as const;
export type Facet = (typeof facets)[number];

/** What of the list is wanted; the address holds it, so that a view can be sent to somebody. */
export interface ListFilter {
  /** Every word must occur. */
  readonly query: string;
  /** None means all. */
  readonly states: ReadonlySet<Urgency>;
  /** `''` is a service without owner; a facet that is absent may be anything. */
  readonly facets: Readonly<Partial<Record<Facet, string | undefined>>>;
}

/** The filter of the address, and of the last list that was looked at. */
export const listFilter = computed<ListFilter>((): ListFilter => filterOf(listSearch.value));

let lastSearch = '';

/** The parameters with which the list was last looked at: the way back leads there. */
export const listSearch = computed(() => {
  if (route.value.page === 'services') lastSearch = search.value;
  return lastSearch;
});

export function setFilter(change: Partial<ListFilter>): void {
  navigate(`/${searchOf({ ...listFilter.peek(), ...change })}`, 'replace');
}

function filterOf(text: string): ListFilter {
  const asked = new URLSearchParams(text);
  const wanted = facets.flatMap((facet) => (asked.has(facet) ? [[facet, asked.get(facet)!] as const] : []));
  return {
    query: asked.get('q') ?? '',
    states: new Set(urgencies.filter((urgency) => asked.getAll('state').includes(urgency))),
    facets: Object.fromEntries(wanted),
  };
}

function searchOf({ query, states, facets: wanted }: ListFilter): string {
  const parameters = new URLSearchParams();
  if (query !== '') parameters.set('q', query);
  for (const state of states) parameters.append('state', state);
  for (const facet of facets) if (wanted[facet] !== undefined) parameters.set(facet, wanted[facet]);
  return parameters.size === 0 ? '' : `?${parameters.toString()}`;
}

/** Values of a facet that there are, sorted. */
export const facetValues = computed(() => {
  const services = snapshot.value?.list.services ?? [];
  return facets.map((facet) => [facet, [...new Set(services.map((service) => service[facet] ?? ''))].sort()] as const);
});

/** How many services there are of each urgency. */
export const urgencyCounts = computed(() => {
  const result = new Map<Urgency, number>();
  for (const { urgency } of snapshot.value?.list.services ?? []) {
    if (urgency) result.set(urgency, (result.get(urgency) ?? 0) + 1);
  }
  return result;
});

/** Text that the filter looks in, worked out once per service. */
const texts = new WeakMap<ServiceView, string>();

/** Whether a service is wanted. */
export function fits(service: ServiceView, { states, facets: wanted }: ListFilter, words: readonly string[]): boolean {
  if (states.size > 0 && !(service.urgency && states.has(service.urgency))) return false;
  for (const facet of facets) {
    if (wanted[facet] !== undefined && wanted[facet] !== (service[facet] ?? '')) return false;
  }
  if (words.length === 0) return true;
  let text = texts.get(service);
  if (text === undefined) texts.set(service, (text = textOf(service)));
  return words.every((word) => text.includes(word));
}

export function wordsOf(query: string): readonly string[] {
  return query.toLowerCase().split(/\s+/).filter(Boolean);
}

function textOf({ service, namespace, cluster, owner, tier, urgency, worst }: ServiceView): string {
  const place = `${cluster}/${namespace}/${service}`;
  return [place, owner, tier, urgency && urgencyNames[urgency], worst?.slo].join(' ').toLowerCase();
}
