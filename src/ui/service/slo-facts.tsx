import { objectiveInWords, roundPercentInWords, windowInWords } from '../../domain/in-words.js';
import type { SloView } from '../../server/api-types/slo.js';
import { BudgetBar } from '../words/budget-bar.js';
import { countText, momentText } from '../words/numbers.js';
import { paceText, perspectiveNames } from '../words/slo-words.js';

/** What an SLO promises, and what of it is left. */
export function SloFacts({ slo }: { readonly slo: SloView }) {
  const { events, budget, pace, definedSinceSeconds } = slo;
  const unit = unitOf(slo);
  return (
    <section>
      <h2>Promise</h2>
      <p class="promise">
        {objectiveInWords(slo)} {windowInWords(slo.window)}; {filterText(slo)}
        {perspectiveNames[slo.perspective]}.
      </p>
      <dl class="facts">
        <dt>Budget left</dt>
        <dd>
          <BudgetBar remainingRatio={budget?.remainingRatio ?? null} />
        </dd>
        <dt>Burn rate</dt>
        <dd>{pace ? paceText(pace) : <span class="unknown">unknown</span>}</dd>
        <dt>{unit}</dt>
        <dd>{countText(events.total)}</dd>
        <dt>Bad</dt>
        <dd>
          {countText(events.bad)}
          {budget && `, ${countText(Math.floor(budget.allowedEvents))} allowed`}
        </dd>
        <dt>Observed</dt>
        <dd>{observedText(events)}</dd>
        {events.unplaced !== null && events.unplaced > 0 && (
          <>
            <dt>Counted over gaps</dt>
            <dd>{countText(events.unplaced)}</dd>
          </>
        )}
        {definedSinceSeconds !== null && (
          <>
            <dt>Measured so since</dt>
            <dd>{momentText(definedSinceSeconds)}</dd>
          </>
        )}
      </dl>
    </section>
  );
}

/** What one event of the SLO is. */
function unitOf({ budgeting, indicator }: SloView): string {
  if (budgeting.method !== 'occurrences') return 'Slices of time';
  if (indicator.kind === 'latency-windows') return 'Minutes of proxies';
  return indicator.kind === 'availability' && indicator.of === 'connections' ? 'Connections' : 'Requests';
}

/** `100 % of the time; 98 % of the requests are imported`. */
function observedText({ coverage, imported, total }: SloView['events']): string {
  const time = `${roundPercentInWords(coverage)} of the time`;
  if (!imported || total === 0) return time;
  return `${time}; ${roundPercentInWords(imported / total)} of the requests are imported`;
}

function filterText({ filter: { caller, version, method } }: SloView): string {
  const parts = [
    ...(caller === undefined ? [] : [`from ${caller}`]),
    ...(version === undefined ? [] : [`of version ${version}`]),
    ...(method === undefined ? [] : [`of ${method}`]),
  ];
  return parts.length === 0 ? '' : `requests ${parts.join(' ')} only; `;
}
