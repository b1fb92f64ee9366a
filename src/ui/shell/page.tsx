import { lazy } from './lazy-page.js';
import { useEffect } from 'preact/hooks';
import type { Route } from '../address/address.js';
import { route } from '../address/navigation.js';
import { ListPage } from '../list/list-page.js';
import { snapshot, trouble } from '../live/snapshot.js';
import { PageHeading } from '../words/page-heading.js';
import { BeliefBanner, loginAddress } from './freshness.js';
import { KeyboardHelp } from './keyboard-help.js';
import { PageHeader } from './page-header.js';
import { WatcherNotes, WatcherTroubles } from './watcher-notes.js';

const ServicePage = lazy(async () => (await import('../service/service-page.js')).ServicePage);
const AlertsPage = lazy(async () => (await import('../alerts/alerts-page.js')).AlertsPage);
const AlertPage = lazy(async () => (await import('../alerts/alert-page.js')).AlertPage);

const FindingsPage = lazy(async () => (await import('../findings/findings-page.js')).FindingsPage);
const ControlPlanePage = lazy(async () => (await import('../control-plane/control-plane-page.js')).ControlPlanePage);
const MigrationPage = lazy(async () => (await import('../migration/migration-page.js')).MigrationPage);
const ReportsPage = lazy(async () => (await import('../reports/reports-page.js')).ReportsPage);
const ReportPage = lazy(async () => (await import('../reports/report-page.js')).ReportPage);
const FindingPage = lazy(async () => (await import('../findings/finding-page.js')).FindingPage);

/** All that is between the edges of the window: head, what the address is about, and what the figures rest on. */
export function Page() {
  const watcher = snapshot.value?.watcher;
  const title = titleOf(route.value);
  useEffect(() => {
    document.title = title;
  }, [title]);
  // Before anything is there to be kept, whoever is not logged in had better be.
  if (!watcher && trouble.value?.kind === 'logged-out') location.replace(loginAddress());
  return (
    <>
      <PageHeader />
      <main>
        <BeliefBanner />
        {watcher && <WatcherTroubles watcher={watcher} />}
        <Shown route={route.value} />
      </main>
      <footer>{watcher && <WatcherNotes watcher={watcher} />}</footer>
      <KeyboardHelp />
    </>
  );
}

/** What the window, its history and a bookmark are called. */
function titleOf(shown: Route): string {
  if (shown.page === 'service') return `${shown.service.name} · meshslo`;
  if (shown.page === 'findings' || shown.page === 'finding') return 'Findings · meshslo';
  if (shown.page === 'migration') return 'Migration · meshslo';
  if (shown.page === 'control-plane') return 'Control plane · meshslo';
  if (shown.page === 'reports') return 'Reports · meshslo';
  if (shown.page === 'report') return `Report ${shown.id} · meshslo`;
  return shown.page === 'alerts' || shown.page === 'alert' ? 'Alerts · meshslo' : 'meshslo';
}

function Shown({ route: shown }: { readonly route: Route }) {
  if (shown.page === 'services') return <ListPage />;
  if (shown.page === 'service') return <ServicePage {...shown} />;
  if (shown.page === 'alerts') return <AlertsPage />;
  if (shown.page === 'findings') return <FindingsPage kind={shown.kind} owner={shown.owner} />;
  if (shown.page === 'control-plane') return <ControlPlanePage />;
  if (shown.page === 'migration') return <MigrationPage />;
  if (shown.page === 'finding') return <FindingPage id={shown.id} />;
  if (shown.page === 'reports') return <ReportsPage team={shown.team} />;
  if (shown.page === 'report') return <ReportPage id={shown.id} />;
  if (shown.page === 'alert') return <AlertPage id={shown.id} />;
  return (
    <div class="note">
      <PageHeading>There is no such page.</PageHeading>
      <p>
        <a href="/">All services</a>
      </p>
    </div>
  );
}
