import { useState } from 'preact/hooks';
import { roundPercentInWords } from '../../domain/in-words.js';
import type { BreakdownView } from '../../server/api-types/service-detail.js';
import { countText, momentText } from '../words/numbers.js';
import { type Dimension, sumsBy, tellingDimensions } from './breakdown-sums.js';
import { flagsInWords } from '../../domain/response-flags.js';

const names: Readonly<Record<Dimension, string>> = {
  caller: 'Caller',
  flags: 'Response flag',
  code: 'Code',
  version: 'Version',
  method: 'Method',
  callerCluster: 'Caller’s cluster',
};

/** Who burns: the bad requests of the shown time by one thing that tells them apart. */
export function BreakdownPanel({ breakdown, slo }: { readonly breakdown: BreakdownView; readonly slo: string }) {
  const [wanted, setWanted] = useState<Dimension>('caller');
  const choices = tellingDimensions(breakdown);
  const dimension = choices.includes(wanted) ? wanted : choices[0]!;
  const { shown, other, total } = sumsBy(dimension, breakdown);
  const when = `${momentText(breakdown.fromSeconds)} – ${momentText(breakdown.toSeconds)}`;
  return (
    <section class="breakdown">
      <h2>Who burns</h2>
      {total === 0 ? (
        <p class="unknown">
          No bad request of {slo} is known: {when}.
        </p>
      ) : (
        <>
          <div class="chips" role="group" aria-label="Told apart by">
            {choices.map((choice) => (
              <button key={choice} class="chip" aria-pressed={choice === dimension} onClick={() => setWanted(choice)}>
                {names[choice]}
              </button>
            ))}
          </div>
          <table>
            <caption>
              {countText(total)} bad {total === 1 ? 'request' : 'requests'} of {slo}, {when}
            </caption>
            <thead>
              <tr>
                <th scope="col">{names[dimension]}</th>
                <th scope="col" class="number">
                  Bad
                </th>
                <th scope="col">Share</th>
              </tr>
            </thead>
            <tbody>
              {shown.map(({ value, bad }) => (
                <Row key={value} title={<Value dimension={dimension} value={value} />} bad={bad} total={total} />
              ))}
              {other > 0 && <Row title={<span class="unknown">all others</span>} bad={other} total={total} />}
            </tbody>
          </table>
        </>
      )}
    </section>
  );
}

interface RowProps {
  readonly title: preact.ComponentChild;
  readonly bad: number;
  readonly total: number;
}

function Row({ title, bad, total }: RowProps) {
  const share = roundPercentInWords(bad / total);
  return (
    <tr>
      <th scope="row">{title}</th>
      <td class="number">{countText(bad)}</td>
      <td class="share">
        <progress max={total} value={bad} aria-label={`${share} of the bad requests`} /> {share}
      </td>
    </tr>
  );
}

function Value({ dimension, value }: { readonly dimension: Dimension; readonly value: string }) {
  if (value === '') return <span class="unknown">{dimension === 'code' ? 'none' : 'unknown'}</span>;
  const words = dimension === 'flags' ? flagsInWords(value) : undefined;
  return (
    <>
      {value === '-' ? 'none' : value} {words !== undefined && <span class="aside">{words}</span>}
    </>
  );
}
