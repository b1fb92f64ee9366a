import './alerts.css';
import { spanInWords } from '../../domain/in-words.js';
import type { AlertView } from '../../server/api-types/alert.js';
import { alertAddress } from '../address/address.js';
import { alertNews, alertSubject, alertTitle } from '../words/alert-words.js';
import { momentText } from '../words/numbers.js';
import { shortName } from '../words/short-name.js';

interface AlertTableProps {
  readonly alerts: readonly AlertView[];
  readonly title: string;
  /** False where all are about the same service. */
  readonly namesSubject: boolean;
}

/** Alerts, one a row: what, how loud, since when and until when, and what people said of it. */
export function AlertTable({ alerts, title, namesSubject }: AlertTableProps) {
  return (
    <table class="alert-table cards" data-rows>
      <caption class="unseen-text">{title}</caption>
      <thead>
        <tr>
          <th scope="col" class="severity-column">
            Severity
          </th>
          <th scope="col">Alert</th>
          <th scope="col">Since</th>
          <th scope="col">Lasted</th>
          <th scope="col">Looked after</th>
        </tr>
      </thead>
      <tbody>
        {alerts.map((alert) => (
          <tr key={alert.id} class={alert.endedSeconds === null ? 'firing' : ''}>
            <td>
              <Severity alert={alert} />
            </td>
            <th scope="row">
              <a href={alertAddress(alert.id)}>
                {namesSubject ? alertSubject(alert) : (alert.slo ?? alertTitle(alert.name))}
              </a>{' '}
              <span class="aside">
                {(namesSubject || alert.slo !== null) && alertTitle(alert.name)}
                {namesSubject && alert.owner !== null && ` · ${shortName(alert.owner)}`}
              </span>
              {alert.summary !== null && <div class="summary">{alertNews(alert)}</div>}
            </th>
            <td class="moment" data-title="since">
              {momentText(alert.startedSeconds)}
            </td>
            <td class="moment">
              {alert.endedSeconds === null ? (
                <b>still firing</b>
              ) : (
                spanInWords(alert.endedSeconds - alert.startedSeconds)
              )}
            </td>
            <td>{markText(alert)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** How loud an alert is, in a word. */
export function Severity({
  alert: { severity, inhibited, endedSeconds, acknowledged },
}: {
  readonly alert: AlertView;
}) {
  const isLoud = severity === 'page' && endedSeconds === null && !acknowledged;
  return (
    <span class={isLoud ? 'severity loud' : 'severity'}>
      {severity}
      {inhibited && <span class="aside"> silent: a page of the same SLO calls</span>}
    </span>
  );
}

function markText({ acknowledged, noise }: AlertView): string {
  if (noise) return `noise, says ${noise.by}`;
  return acknowledged ? `by ${acknowledged.by}` : '';
}
