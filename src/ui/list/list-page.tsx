import { snapshot, trouble } from '../live/snapshot.js';
import { PageHeading } from '../words/page-heading.js';
import { FilterBar } from './filter-bar.js';
import { ServiceList } from './service-list.js';
import { StateBanner } from './state-banner.js';

/** What burns, and every service by urgency; or why there is none to show. */
export function ListPage() {
  const known = snapshot.value;
  return (
    <>
      <PageHeading class="unseen-text">Services</PageHeading>
      {!known && !trouble.value && <p class="note">Reading …</p>}
      {known?.list.services.length === 0 && <NothingSeen />}
      {known && known.list.services.length > 0 && (
        <>
          <StateBanner />
          <FilterBar />
          <ServiceList />
        </>
      )}
    </>
  );
}

function NothingSeen() {
  return (
    <div class="note">
      <p>No service has been seen yet.</p>
      <p>
        Services appear with the first scraped traffic, and their SLOs with them. <a href="/api/v1/targets">Targets</a>{' '}
        says what is being scraped, and what of it answers.
      </p>
    </div>
  );
}
