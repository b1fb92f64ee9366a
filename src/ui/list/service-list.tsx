import { computed, signal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { snapshot } from '../live/snapshot.js';
import { momentText } from '../words/numbers.js';
import { fits, listFilter, setFilter, wordsOf } from './list-filter.js';
import { inOrder, isOrderHeld, keyOf, leaveOrder, touchOrder } from './list-order.js';
import { ServiceRow } from './service-row.js';

/** Rows that are made at first; as the reader comes near the last of them, as many again. */
const pageOfRows = 40;

/** More at once would be felt. */
const mostNewRows = 400;

const mostRows = signal({ of: '', count: pageOfRows });

/** Services that fit the filter. */
export const shownServices = computed(() => {
  const filter = listFilter.value;
  const words = wordsOf(filter.query);
  return inOrder.value.filter((service) => fits(service, filter, words));
});

/** Since when something fires, by service; of pages first. */
const firingSince = computed(() => {
  const result = new Map<string, { readonly severity: string; readonly at: number }>();
  for (const { cluster, namespace, service, severity, startedSeconds, inhibited } of snapshot.value?.alerts ?? []) {
    if (cluster === null || namespace === null || service === null || inhibited) continue;
    const key = keyOf({ cluster, namespace, service });
    const known = result.get(key);
    const isFirst = known?.severity === severity ? startedSeconds < known.at : !known || severity === 'page';
    if (isFirst) result.set(key, { severity, at: startedSeconds });
  }
  return new Map([...result].map(([key, { at }]) => [key, momentText(at)]));
});

const manyClusters = computed(() => new Set(snapshot.value?.list.services.map(({ cluster }) => cluster)).size > 1);

/** Whether every service holds imported events: that is then said once, and not in each row. */
const allImported = computed(() =>
  (snapshot.value?.list.services ?? []).every(
    ({ worst }) => worst?.imported !== false || worst.remainingRatio === null,
  ),
);

/** Every service by urgency, as a table that grows as one scrolls. */
export function ServiceList() {
  const shown = shownServices.value;
  const filter = JSON.stringify([listFilter.value.query, [...listFilter.value.states], listFilter.value.facets]);
  const count = mostRows.value.of === filter ? mostRows.value.count : pageOfRows;
  useKeptFocus();
  const more = () => {
    mostRows.value = { of: filter, count: count + Math.min(count, mostNewRows) };
  };
  if (shown.length === 0) return <NothingFits />;
  return (
    <>
      {isOrderHeld.value && (
        <p class="held">
          The order has changed. <button onClick={leaveOrder}>Sort now</button>
        </p>
      )}
      <table class="services" data-rows onPointerMove={touchOrder} onPointerLeave={leaveOrder} onFocusIn={touchOrder}>
        <caption class="unseen-text">{shown.length} services, most urgent first</caption>
        <thead>
          <tr>
            <th scope="col">State</th>
            <th scope="col">Service</th>
            <th scope="col">Alerts</th>
            <th scope="col">Owner</th>
            <th scope="col">Worst SLO</th>
            <th scope="col">Budget left</th>
            <th scope="col">Burn rate, last hour</th>
            <th scope="col">Traffic, last hours</th>
          </tr>
        </thead>
        <tbody>
          {shown.slice(0, count).map((service) => (
            <ServiceRow
              key={keyOf(service)}
              service={service}
              firingSince={firingSince.value.get(keyOf(service))}
              showsCluster={manyClusters.value}
              labelsImported={!allImported.value}
            />
          ))}
        </tbody>
      </table>
      {count < shown.length && <More count={shown.length - count} onNear={more} />}
    </>
  );
}

/** A row that is moved loses the focus on its way: it gets it back. */
function useKeptFocus(): void {
  const { activeElement: focused } = document;
  useLayoutEffect(() => {
    if (!(focused instanceof HTMLElement) || focused === document.activeElement || !focused.isConnected) return;
    if (focused.closest('.services')) focused.focus({ preventScroll: true });
  });
}

function NothingFits() {
  return (
    <p class="note">
      No service fits this filter.{' '}
      <button onClick={() => setFilter({ query: '', states: new Set(), facets: {} })}>Show all</button>
    </p>
  );
}

/** The end of the rows that are there; coming near it makes further ones. */
function More({ count, onNear }: { readonly count: number; readonly onNear: () => void }) {
  const end = useRef<HTMLButtonElement>(null);
  const near = useRef(onNear);
  near.current = onNear;
  useEffect(() => {
    // A busy browser tells several looks at once: whether it has been near in any of them.
    const watcher = new IntersectionObserver(
      (looks) => looks.some(({ isIntersecting }) => isIntersecting) && near.current(),
      { rootMargin: '1200px' },
    );
    watcher.observe(end.current!);
    return () => watcher.disconnect();
  }, [count]);
  return (
    <button ref={end} class="more" onClick={onNear}>
      {count} more
    </button>
  );
}
