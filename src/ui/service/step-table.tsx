import { burnRateInWords, percentInWords, spanInWords } from '../../domain/in-words.js';
import type { ServiceSloView, StepView } from '../../server/api-types/service-detail.js';
import { burnWindowText } from '../words/slo-words.js';

/** Windows against their thresholds: how near each step of the alert policy is to firing. */
export function StepTable({ slo }: { readonly slo: ServiceSloView }) {
  const { steps, held, policy } = slo;
  return (
    <section>
      <h2>Windows against thresholds</h2>
      {steps.length === 0 ? (
        <p class="unknown">No policy watches this SLO.</p>
      ) : (
        <table class="steps cards">
          <caption>Policy {policy}</caption>
          <thead>
            <tr>
              <th scope="col">Step</th>
              <th scope="col">Fires from</th>
              <th scope="col">Long window</th>
              <th scope="col">Short window</th>
              <th scope="col">Fires now</th>
            </tr>
          </thead>
          <tbody>
            {steps.map((step) => (
              <StepRow key={step.name} step={step} />
            ))}
          </tbody>
        </table>
      )}
      <Youth slo={slo} />
      {held.map((severity) => (
        <p key={severity}>
          The {severity} goes on although no step is active: silence after an incident is no recovery.
        </p>
      ))}
    </section>
  );
}

/** That some windows are not full yet, and what that means. */
function Youth({
  slo: { steps, events, firstObservedSeconds, definedSinceSeconds },
}: {
  readonly slo: ServiceSloView;
}) {
  if (firstObservedSeconds === null) return null;
  const known = events.toSeconds - Math.max(firstObservedSeconds, definedSinceSeconds ?? 0);
  const longestOfPages = Math.max(
    ...steps.filter(({ severity }) => severity === 'page').map(({ longSeconds }) => longSeconds),
  );
  if (known >= longestOfPages) return null;
  return (
    <p>
      Measured for {spanInWords(known)} only: longer windows hold no more than that, and a short burst weighs more in
      them.
    </p>
  );
}

function StepRow({ step }: { readonly step: StepView }) {
  const { name, severity, budgetShare, factor, longSeconds, shortSeconds, longBurnRate, shortBurnRate } = step;
  return (
    <tr class={step.isActive ? 'active' : ''}>
      <th scope="row">
        <b>{name}</b> <span class="aside">{severity}</span>
        <br />
        <span class="aside">
          {percentInWords(Number(budgetShare.toPrecision(6)))} of the budget in {burnWindowText(longSeconds)}
        </span>
      </th>
      <td data-title="fires from">{factorText(factor)}</td>
      <td>
        <Rate seconds={longSeconds} burnRate={longBurnRate} factor={factor} />
      </td>
      <td>
        <Rate seconds={shortSeconds} burnRate={shortBurnRate} factor={factor} />
      </td>
      <td data-title="fires now">{outcome(step)}</td>
    </tr>
  );
}

interface RateProps {
  readonly seconds: number;
  readonly burnRate: number | null;
  readonly factor: number;
}

/** A burn rate beside what it would have to be: a full bar has reached it. */
function Rate({ seconds, burnRate, factor }: RateProps) {
  if (burnRate === null) return <span class="unknown">unknown</span>;
  const text = `${burnRateInWords(burnRate)} in ${burnWindowText(seconds)}`;
  const isOver = burnRate >= factor;
  return (
    <span class={isOver ? 'rate over' : 'rate'}>
      <progress max={factor} value={Math.min(factor, burnRate)} aria-label={`${text}, of ${factorText(factor)}`} />
      <span>
        {isOver && <span aria-hidden="true">▲ </span>}
        {text}
      </span>
    </span>
  );
}

/** `14.4x`: as exact as people know it. */
function factorText(factor: number): string {
  return `${Number(factor.toFixed(2))}x`;
}

function outcome({ isActive, isReachable, isEvidence, factor, longBurnRate, shortBurnRate }: StepView): string {
  if (isActive) return 'yes';
  if (!isReachable) return 'never: the objective is too low for it';
  const isFast = longBurnRate !== null && shortBurnRate !== null && Math.min(longBurnRate, shortBurnRate) >= factor;
  return isFast && !isEvidence ? 'not yet: one short burst, or too few to tell from chance' : 'no';
}
