import { computed, signal } from '@preact/signals';
import { movedAddress, routeOf } from './address.js';

/** The part of the address that the page reads. */
interface Place {
  readonly pathname: string;
  readonly search: string;
}

const place = signal<Place>(placeNow());

/** What is shown now. */
export const route = computed(() => routeOf(place.value));
/** The parameters of the address, as text. */
export const search = computed(() => place.value.search);

let moved = false;

/** Whether somebody has been at another address of this page before. */
export function hasMoved(): boolean {
  return moved;
}

/** Goes to an address of the page; `replace` forgets the one before, where going back to it would be of no use. */
export function navigate(href: string, how: 'push' | 'replace' = 'push'): void {
  if (href === location.pathname + location.search) return;
  moved ||= how === 'push';
  if (how === 'push') history.pushState(null, '', href);
  else history.replaceState(null, '', href);
  const before = place.peek();
  place.value = placeNow();
  if (how === 'push' && before.pathname !== place.peek().pathname) scrollTo(0, 0);
}

/** Begins to follow links and the browser's own back and forward. */
export function followAddress(): void {
  const newAddress = location.pathname === '/' ? movedAddress(location.hash) : undefined;
  if (newAddress !== undefined) navigate(newAddress, 'replace');
  addEventListener('popstate', () => {
    moved = true;
    place.value = placeNow();
  });
  addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link || !isOurs(link) || isForTheBrowser(event)) return;
    event.preventDefault();
    navigate(link.pathname + link.search);
  });
}

/** The API and the login are the server's. */
function isOurs(link: HTMLAnchorElement): boolean {
  const isPage = !/^\/(api|login|logout|metrics)(\/|$)/.test(link.pathname);
  return link.origin === location.origin && isPage && link.target === '' && link.hash === '';
}

function isForTheBrowser(event: MouseEvent): boolean {
  return (
    event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey
  );
}

function placeNow(): Place {
  return { pathname: location.pathname, search: location.search };
}
