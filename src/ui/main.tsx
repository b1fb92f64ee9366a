import { render } from 'preact';
import { DetailPanel } from './detail-panel.js';
import { FilterBar } from './filter-bar.js';
import { PageHeader } from './page-header.js';
import { SloList } from './slo-list.js';
import { addressOf, follow, openId } from './store.js';

/** The page: what burns, every SLO, and the details of the one that was clicked. */
function Page() {
  return (
    <>
      <PageHeader />
      <main class={openId.value === undefined ? '' : 'with-detail'}>
        <section aria-label="SLOs">
          <FilterBar />
          <SloList />
        </section>
        {openId.value !== undefined && <DetailPanel id={openId.value} />}
      </main>
    </>
  );
}

addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || openId.value === undefined) return;
  const row = document.querySelector<HTMLElement>(`.slos a[href="${CSS.escape(addressOf(openId.value))}"]`);
  location.hash = '';
  // Whoever came by keyboard goes on where they were.
  row?.focus();
});
follow();
render(<Page />, document.getElementById('page')!);
