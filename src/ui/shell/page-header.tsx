import { route } from '../address/navigation.js';
import { listSearch } from '../list/list-filter.js';
import { snapshot } from '../live/snapshot.js';
import { Freshness } from './freshness.js';
import { openKeyboardHelp } from './keyboard-help.js';

/** Where one is, where one can go, and whether the page can be believed. */
export function PageHeader() {
  const { page } = route.value;
  const identity = snapshot.value?.watcher.identity;
  const firing = snapshot.value?.alerts.filter(({ inhibited }) => !inhibited).length ?? 0;
  const critical = snapshot.value?.watcher.findings.critical ?? 0;
  return (
    <header>
      <a class="brand" href={`/${listSearch.value}`}>
        meshslo
      </a>
      <nav aria-label="Pages">
        <a href={`/${listSearch.value}`} aria-current={current(page === 'services', page === 'service')}>
          Services
        </a>
        <a href="/alerts" aria-current={current(page === 'alerts', page === 'alert')}>
          Alerts{firing > 0 && <b class="count">{firing}</b>}
        </a>
        <a href="/control-plane" aria-current={current(page === 'control-plane', false)}>
          Control plane
        </a>
        <a href="/findings" aria-current={current(page === 'findings', page === 'finding')}>
          Findings{critical > 0 && <b class="count">{critical}</b>}
        </a>
        <a href="/migration" aria-current={current(page === 'migration', false)}>
          Migration
        </a>
        <a href="/reports" aria-current={current(page === 'reports', page === 'report')}>
          Reports
        </a>
      </nav>
      <Freshness />
      <button class="help-button" onClick={openKeyboardHelp} aria-label="Keys">
        ?
      </button>
      {identity && (
        <form class="logout" method="post" action="/logout">
          <span>{identity.name}</span> <button type="submit">Log out</button>
        </form>
      )}
    </header>
  );
}

function current(isPage: boolean, isBelow: boolean): 'page' | 'true' | undefined {
  return isPage ? 'page' : isBelow ? 'true' : undefined;
}
