import './alerts.css';
import { Fragment } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { spanInWords } from '../../domain/in-words.js';
import type { AlertView } from '../../server/api-types/alert.js';
import { serviceAddress, usualSeconds } from '../address/address.js';
import { now } from '../live/clock.js';
import { useReading } from '../live/reading.js';
import { snapshot } from '../live/snapshot.js';
import { alertNews, alertSubject, alertTitle, serviceOf } from '../words/alert-words.js';
import { momentText, unbroken } from '../words/numbers.js';
import { PageHeading } from '../words/page-heading.js';
import { UnreadPage } from '../words/unread-page.js';
import { AlertMarks } from './alert-marks.js';
import { Severity } from './alert-table.js';

/** One alert: what it said, where to look, and what people say of it. */
export function AlertPage({ id }: { readonly id: string }) {
  return <OneAlert key={id} id={id} />;
}

function OneAlert({ id }: { readonly id: string }) {
  const { value, trouble } = useReading<AlertView>({
    path: `alerts/${encodeURIComponent(id)}`,
    subject: id,
    version: snapshot.value,
  });
  const [changed, setChanged] = useState<AlertView | undefined>(undefined);
  // What is read later knows of the change, and of more.
  useEffect(() => setChanged(undefined), [value]);
  const alert = changed ?? value;
  if (!alert) {
    return (
      <UnreadPage
        heading="Alert"
        trouble={trouble}
        what="This alert"
        notFound="There is no such alert; old ones are forgotten some day."
        elsewhere={<a href="/alerts">All alerts</a>}
      />
    );
  }
  return (
    <article class="alert">
      <p class="crumbs">
        <a href="/alerts">Alerts</a> <span aria-hidden="true">/</span> {alert.name}
      </p>
      <PageHeading>
        {alertTitle(alert.name)}: {alertSubject(alert)}
      </PageHeading>
      <p class="state-sentence">
        <Severity alert={alert} />, {timeText(alert)}. Owner: <b>{alert.owner ?? 'nobody'}</b>.
      </p>
      {alert.summary !== null && <p class="summary">{unbroken(alertNews(alert)!)}</p>}
      {alert.description !== null && <p>{unbroken(alert.description)}</p>}
      {alert.action !== null && (
        <section>
          <h2>What to do</h2>
          <p>{alert.action}</p>
        </section>
      )}
      <Links alert={alert} />
      <AlertMarks alert={alert} onChange={setChanged} />
      <Labels labels={alert.labels} />
    </article>
  );
}

function timeText({ startedSeconds, endedSeconds }: AlertView): string {
  if (endedSeconds === null) return `firing since ${momentText(startedSeconds)}`;
  return `fired from ${momentText(startedSeconds)} to ${momentText(endedSeconds)} (${spanInWords(endedSeconds - startedSeconds)})`;
}

function Links({ alert }: { readonly alert: AlertView }) {
  const service = serviceOf(alert);
  return (
    <p class="links">
      {service && <a href={incidentAddress(alert)}>The service at that time</a>}
      {alert.runbookUrl !== null && <a href={alert.runbookUrl}>Runbook</a>}
      {alert.dashboardUrl !== null && <a href={alert.dashboardUrl}>Dashboard</a>}
    </p>
  );
}

/** An hour before it began, so that the beginning is seen. */
const leadSeconds = 3600;

/** The service as it was then; while the alert fires, from before it began until now. */
function incidentAddress(alert: AlertView): string {
  const slo = alert.slo === null ? {} : { slo: alert.slo };
  const service = serviceOf(alert)!;
  if (alert.endedSeconds === null) {
    const needed = Math.ceil((now.peek() - alert.startedSeconds + leadSeconds) / 3600) * 3600;
    return serviceAddress(service, { ...slo, range: { kind: 'live', seconds: Math.max(usualSeconds, needed) } });
  }
  const range = {
    kind: 'fixed',
    from: alert.startedSeconds - leadSeconds,
    to: alert.endedSeconds + leadSeconds / 2,
  } as const;
  return serviceAddress(service, { ...slo, range });
}

function Labels({ labels }: Pick<AlertView, 'labels'>) {
  return (
    <details>
      <summary>Labels</summary>
      <dl class="facts">
        {Object.entries(labels).map(([name, value]) => (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </Fragment>
        ))}
      </dl>
    </details>
  );
}
