import { lazy } from './lazy-page.js';
import { useEffect, useRef } from 'preact/hooks';
import type { Route } from '../address/address.js';
import { route } from '../address/navigation.js';
import { ListPage } from '../list/list-page.js';
import { snapshot, trouble } from '../live/snapshot.js';
import { BeliefBanner, loginAddress } from './freshness.js';
import { KeyboardHelp } from './keyboard-help.js';
import { PageHeader } from './page-header.js';
import { WatcherNotes, WatcherTroubles } from './watcher-notes.js';

const ServicePage = lazy(async () => (await import('../service/service-page.js')).ServicePage);
const AlertsPage = lazy(async () => (await import('../alerts/alerts-page.js')).AlertsPage);
const AlertPage = lazy(async () => (await import('../alerts/alert-page.js')).AlertPage);

/** All that is between the edges of the window: head, what the address is about, and what the figures rest on. */
export function Page() {
  const watcher = snapshot.value?.watcher;
  const main = useRef<HTMLElement>(null);
  const { pathname } = location;
  useEffect(() => focusHeading(main.current!), [pathname, route.value.page]);
  // Before anything is there to be kept, whoever is not logged in had better be.
  if (!watcher && trouble.value?.kind === 'logged-out') location.replace(loginAddress());
  return (
    <>
      <PageHeader />
      <main ref={main}>
        <BeliefBanner />
        {watcher && <WatcherTroubles watcher={watcher} />}
        <Shown route={route.value} />
      </main>
      <footer>{watcher && <WatcherNotes watcher={watcher} />}</footer>
      <KeyboardHelp />
    </>
  );
}

function Shown({ route: shown }: { readonly route: Route }) {
  if (shown.page === 'services') return <ListPage />;
  if (shown.page === 'service') return <ServicePage {...shown} />;
  if (shown.page === 'alerts') return <AlertsPage />;
  if (shown.page === 'alert') return <AlertPage id={shown.id} />;
  return (
    <div class="note">
      <h1 tabIndex={-1}>There is no such page.</h1>
      <p>
        <a href="/">All services</a>
      </p>
    </div>
  );
}

let isFirst = true;

/** A reader who does not see the page hears where they have got to; whoever has just come is left alone. */
function focusHeading(main: HTMLElement): void {
  const { activeElement } = document;
  const isElsewhere = activeElement === null || activeElement === document.body;
  if (!isFirst && isElsewhere) main.querySelector('h1')?.focus({ preventScroll: true });
  isFirst = false;
}
