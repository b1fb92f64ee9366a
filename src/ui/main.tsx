import { render } from 'preact';
import { DetailPanel } from './detail-panel.js';
import { FilterBar } from './filter-bar.js';
import { PageHeader } from './page-header.js';
import { SloList } from './slo-list.js';
import { follow, openId } from './store.js';

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
  if (event.key === 'Escape' && openId.value !== undefined) location.hash = '';
});
follow();
render(<Page />, document.getElementById('page')!);
