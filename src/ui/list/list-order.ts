import { computed, effect, signal } from '@preact/signals';
import type { ServiceView } from '../../server/api-types/service.js';
import { snapshot } from '../live/snapshot.js';
import { now } from '../live/clock.js';

/** Somebody who has pointed or typed so recently is about to click. */
const settleSeconds = 60;

const touchedSeconds = signal<number | undefined>(undefined);
const settled = signal<ReadonlyMap<string, number>>(new Map());

/** Whether rows stay where they are, though another order would be right, because somebody is among them. */
export const isOrderHeld = computed(() => isTouched.value && isOutdated.value);

const isTouched = computed(() => {
  const touched = touchedSeconds.value;
  return touched !== undefined && now.value - touched < settleSeconds;
});

const isOutdated = computed(() => {
  const services = inOrder.value;
  return (snapshot.value?.list.services ?? []).some((service, index) => services[index] !== service);
});

/** Every service, most urgent first; while somebody is among the rows, in the order in which they found them. */
export const inOrder = computed<readonly ServiceView[]>(() => {
  const services = snapshot.value?.list.services ?? [];
  const order = settled.value;
  const placeOf = (service: ServiceView) => order.get(keyOf(service)) ?? Infinity;
  const places = new Map(services.map((service) => [service, placeOf(service)]));
  return [...services].sort((a, b) => {
    const [first, second] = [places.get(a)!, places.get(b)!];
    return first === second ? 0 : first - second;
  });
});

/** Somebody points at the rows, or moves among them. */
export function touchOrder(): void {
  touchedSeconds.value = Date.now() / 1000;
}

/** Nobody does any more. */
export function leaveOrder(): void {
  touchedSeconds.value = undefined;
}

/** Begins to settle the order whenever nobody is among the rows. */
export function followOrder(): void {
  effect(() => {
    const services = snapshot.value?.list.services;
    if (services && !isTouched.value)
      settled.value = new Map(services.map((service, index) => [keyOf(service), index]));
  });
}

export function keyOf({ cluster, namespace, service }: Pick<ServiceView, 'cluster' | 'namespace' | 'service'>): string {
  return JSON.stringify([cluster, namespace, service]);
}
