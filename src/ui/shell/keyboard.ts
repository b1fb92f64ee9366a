import { navigate, route } from '../address/navigation.js';
import { searchBoxId } from '../list/filter-bar.js';
import { listSearch, setFilter } from '../list/list-filter.js';
import { openKeyboardHelp } from './keyboard-help.js';

/** Begins to listen to the keys that the help names. */
export function followKeyboard(): void {
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
    const isTyping = (event.target as Element).matches('input, textarea, select');
    if (isTyping ? leaveField(event) : act(event.key)) event.preventDefault();
  });
}

/** From the search box Escape and the arrow lead to the rows. */
function leaveField(event: KeyboardEvent): boolean {
  const field = event.target as HTMLElement;
  if (field.id !== searchBoxId || !['Escape', 'ArrowDown', 'Enter'].includes(event.key)) return false;
  if (event.key === 'Escape' && (field as HTMLInputElement).value !== '') setFilter({ query: '' });
  else if (event.key === 'Escape') field.blur();
  else moveInRows(1);
  return true;
}

function act(key: string): boolean {
  if (key === '?') openKeyboardHelp();
  else if (key === '/') return focusSearch();
  else if (key === 'j' || key === 'k') return moveInRows(key === 'j' ? 1 : -1);
  else if (key === 'Escape') return goUp();
  else return false;
  return true;
}

function focusSearch(): boolean {
  if (route.peek().page !== 'services') navigate(`/${listSearch.peek()}`);
  // After the list is there, where it was not.
  setTimeout(() => document.getElementById(searchBoxId)?.focus());
  return true;
}

/** To the next or previous row's link, from the first or from the one that has the focus. */
function moveInRows(by: 1 | -1): boolean {
  const links = [...document.querySelectorAll<HTMLElement>('[data-rows] tbody th a')];
  const here = links.indexOf(document.activeElement as HTMLElement);
  const next = links[here === -1 ? 0 : here + by];
  next?.focus();
  return next !== undefined;
}

function goUp(): boolean {
  const { page } = route.peek();
  if (page === 'services') return false;
  const from = location.pathname;
  const lists: Partial<Record<typeof page, string>> = { alert: '/alerts', finding: '/findings', report: '/reports' };
  navigate(lists[page] ?? `/${listSearch.peek()}`);
  // Whoever came by keyboard goes on where they were.
  setTimeout(() => document.querySelector<HTMLElement>(`[data-rows] a[href="${CSS.escape(from)}"]`)?.focus());
  return true;
}
