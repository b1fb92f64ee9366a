import { useEffect, useRef, useState } from 'preact/hooks';
import { burnRateInWords, objectiveInWords, roundPercentInWords, windowInWords } from '../domain/in-words.js';
import type { SloDetail, SloView } from '../server/api-types/slo.js';
import { readDetail } from './api.js';
import { BadRatioChart } from './bad-ratio-chart.js';
import { BudgetBar } from './budget-bar.js';
import { countText } from './numbers.js';
import { burnWindowText, paceText, perspectiveNames } from './slo-row.js';
import { snapshot } from './store.js';
import { UrgencyMark } from './urgency-mark.js';

/** One SLO's numbers, beside the list; read again with every slot. */
export function DetailPanel({ id }: { readonly id: string }) {
  const [detail, setDetail] = useState<SloDetail | undefined>(undefined);
  const [failure, setFailure] = useState<string | undefined>(undefined);
  const panel = useRef<HTMLElement>(null);
  const version = snapshot.value;
  useEffect(() => {
    let current = true;
    readDetail(id).then(
      (read) => {
        if (!current) return;
        setDetail(read);
        setFailure(undefined);
      },
      (error: unknown) => current && setFailure(error instanceof Error ? error.message : String(error)),
    );
    return () => {
      current = false;
    };
  }, [id, version]);
  useEffect(() => panel.current?.focus(), [id]);
  const known = detail?.slo.id === id ? detail : undefined;
  return (
    <aside class="detail" ref={panel} tabIndex={-1} aria-label="Details">
      <a class="close" href="#" aria-label="Close details">
        ×
      </a>
      {failure && <p role="alert">Cannot read this SLO: {failure}.</p>}
      {known ? <Detail {...known} /> : !failure && <p>Reading …</p>}
    </aside>
  );
}

function Detail({ slo, series, breakdown }: SloDetail) {
  return (
    <>
      <UrgencyMark urgency={slo.urgency} />
      <h2>
        {slo.service} <span class="slo-name">{slo.slo}</span>
      </h2>
      <p>
        {objectiveInWords(slo)} {windowInWords(slo.window)}; {perspectiveNames[slo.perspective]}. Owner:{' '}
        {slo.owner ?? 'nobody'}.
      </p>
      <Numbers slo={slo} />
      <h3>Burn rates</h3>
      <BurnRates slo={slo} />
      <h3>Bad requests, last 24 hours</h3>
      <BadRatioChart series={series} errorBudgetRatio={1 - slo.objective} />
      <h3>What failed</h3>
      <Breakdown {...breakdown} wasObserved={series.points.some(({ total }) => total !== null)} />
    </>
  );
}

function Numbers({ slo: { events, budget, budgeting, pace } }: { readonly slo: SloView }) {
  const unit = budgeting.method === 'occurrences' ? 'Requests' : 'Slices of time';
  return (
    <dl>
      <dt>Budget left</dt>
      <dd>
        <BudgetBar budget={budget} />
      </dd>
      {pace && (
        <>
          <dt>{pace.windowSeconds === 3600 ? 'Burn rate, last hour' : 'Burn rate'}</dt>
          <dd>{paceText(pace)}</dd>
        </>
      )}
      <dt>{unit}</dt>
      <dd>{countText(events.total)}</dd>
      <dt>Bad</dt>
      <dd>
        {countText(events.bad)}
        {budget && `, ${countText(Math.floor(budget.allowedEvents))} allowed`}
      </dd>
      {budget && (
        <>
          <dt>Spent</dt>
          <dd>{roundPercentInWords(budget.spentRatio)}</dd>
        </>
      )}
      <dt>Covered</dt>
      <dd>{coveredText(events)}</dd>
      {events.unplaced !== null && events.unplaced > 0 && (
        <>
          <dt>Counted over gaps</dt>
          <dd>{countText(events.unplaced)}</dd>
        </>
      )}
    </dl>
  );
}

/** `100 % of the time; 98 % of the requests are imported, not observed`. */
function coveredText({ coverage, imported, total }: SloView['events']): string {
  const time = `${roundPercentInWords(coverage)} of the time`;
  if (!imported || total === 0) return time;
  return `${time}; ${roundPercentInWords(imported / total)} of the requests are imported, not observed`;
}

function BurnRates({ slo }: { readonly slo: SloView }) {
  return (
    <table class="plain">
      <thead>
        <tr>
          <th scope="col">last</th>
          <th scope="col">burn rate</th>
          <th scope="col">bad</th>
          <th scope="col">of</th>
        </tr>
      </thead>
      <tbody>
        {slo.burnRates.map(({ windowSeconds, burnRate, bad, total }) => (
          <tr key={windowSeconds}>
            <th scope="row">{burnWindowText(windowSeconds)}</th>
            <td>{burnRate === null ? 'unknown' : burnRateInWords(burnRate)}</td>
            <td>{countText(bad)}</td>
            <td>{countText(total)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Rows that fit a glance; the rest is told as a sum. */
const mostRows = 8;

function Breakdown({ rows, otherBad, wasObserved }: SloDetail['breakdown'] & { readonly wasObserved: boolean }) {
  if (!wasObserved) return <p class="unknown">Unknown: nobody looked in these 24 hours.</p>;
  if (rows.length === 0) return <p class="unknown">Nothing failed in the last 24 hours.</p>;
  const rest = rows.slice(mostRows).reduce((sum, { bad }) => sum + bad, otherBad);
  return (
    <table class="plain">
      <thead>
        <tr>
          <th scope="col">caller</th>
          <th scope="col">code</th>
          <th scope="col">flags</th>
          <th scope="col">version</th>
          <th scope="col">bad</th>
        </tr>
      </thead>
      <tbody>
        {rows.slice(0, mostRows).map(({ caller, code, flags, version, callerCluster, method, bad }) => (
          <tr key={JSON.stringify([caller, code, flags, version, callerCluster, method])}>
            <th scope="row">{caller || 'unknown'}</th>
            <td>{code || 'none'}</td>
            <td>{flags}</td>
            <td>{version}</td>
            <td>{countText(bad)}</td>
          </tr>
        ))}
        {rest > 0 && (
          <tr>
            <th scope="row" colSpan={4}>
              all others
            </th>
            <td>{countText(rest)}</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}
