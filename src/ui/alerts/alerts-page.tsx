import { useState } from 'preact/hooks';
import './alerts.css';
import type { AlertList } from '../../server/api-types/alert.js';
import { useReading } from '../live/reading.js';
import { read, Trouble } from '../live/server.js';
import { snapshot } from '../live/snapshot.js';
import { PageHeading } from '../words/page-heading.js';
import { ReadingNote } from '../words/reading-note.js';
import { AlertTable } from './alert-table.js';

/** What fires now, and what fired. */
export function AlertsPage() {
  const active = snapshot.value?.alerts;
  const pages = active?.filter(({ severity, acknowledged }) => severity === 'page' && !acknowledged) ?? [];
  const others = active?.filter((alert) => !pages.includes(alert)) ?? [];
  return (
    <>
      <PageHeading>Alerts</PageHeading>
      <section class="alerts">
        <h2>Firing now</h2>
        {!active && <p class="note">Reading …</p>}
        {active?.length === 0 && <p class="unknown">Nothing fires.</p>}
        {active && active.length > 0 && (
          <AlertTable alerts={[...pages, ...others]} title="Alerts that fire now, pages first" namesSubject />
        )}
      </section>
      <History />
    </>
  );
}

/** Ended alerts, newest first; further ones on demand. */
function History() {
  const { value, trouble } = useReading<AlertList>({
    path: 'alerts?state=ended',
    subject: '',
    version: snapshot.value?.alerts.map(({ id }) => id).join(),
  });
  const [older, setOlder] = useState<AlertList | undefined>(undefined);
  const [failure, setFailure] = useState<Trouble | undefined>(undefined);
  const cursor = older ? older.nextCursor : value?.nextCursor;
  const readOlder = async () => {
    try {
      const next = await read<AlertList>(`alerts?state=ended&cursor=${encodeURIComponent(cursor!)}`);
      setOlder({ ...next, alerts: [...(older?.alerts ?? []), ...next.alerts] });
      setFailure(undefined);
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      setFailure(error);
    }
  };
  const known = new Set(value?.alerts.map(({ id }) => id));
  const all = [...(value?.alerts ?? []), ...(older?.alerts ?? []).filter(({ id }) => !known.has(id))];
  return (
    <section class="alerts">
      <h2>History</h2>
      <ReadingNote reading={{ value, trouble: trouble ?? failure }} what="The history" />
      {value && all.length === 0 && <p class="unknown">Nothing that fired has ended yet.</p>}
      {all.length > 0 && <AlertTable alerts={all} title="Alerts that ended, newest first" namesSubject />}
      {cursor != null && (
        <button class="more" onClick={() => void readOlder()}>
          Older
        </button>
      )}
    </section>
  );
}
