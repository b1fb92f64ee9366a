import { Component } from 'preact';
import { coverageInWords, objectiveInWords, paceInWords, spanInWords, windowInWords } from '../domain/in-words.js';
import type { SloView, TrafficView } from '../server/api-types.js';
import { BudgetBar } from './budget-bar.js';
import { shortText } from './numbers.js';
import { Sparkline } from './sparkline.js';
import { addressOf } from './store.js';
import { UrgencyMark } from './urgency-mark.js';

interface RowProps {
  readonly slo: SloView;
  readonly traffic: TrafficView | null;
  /** Whether it fits the filter. */
  readonly isShown: boolean;
}

/** One SLO of the list. A filter hides it, and does not take it away: making a thousand rows again takes half a second. */
export class SloRow extends Component<RowProps> {
  override shouldComponentUpdate(next: RowProps): boolean {
    const { slo, traffic, isShown } = this.props;
    return next.slo !== slo || next.traffic !== traffic || next.isShown !== isShown;
  }

  override render({ slo, traffic, isShown }: RowProps) {
    return (
      <tr class={slo.urgency} hidden={!isShown}>
        <td class="state">
          <UrgencyMark urgency={slo.urgency} />
        </td>
        <th scope="row">
          <a href={addressOf(slo.id)}>
            <span class="service">{slo.service}</span> <span class="slo-name">{slo.slo}</span>
          </a>
          <small>
            {slo.cluster} / {slo.namespace}
            {notes(slo).map((note) => (
              <span class="label" key={note}>
                {note}
              </span>
            ))}
          </small>
        </th>
        <td class="owner" data-title="Owner">
          {slo.owner ?? <span class="unknown">nobody</span>}
        </td>
        <td class="objective" data-title="Objective">
          {objectiveInWords(slo)} <small>{windowInWords(slo.window)}</small>
        </td>
        <td data-title="Budget left">
          <BudgetBar budget={slo.budget} />
        </td>
        <td class="pace" data-title="Burn rate">
          {slo.pace ? (
            paceText(slo.pace)
          ) : (
            <span class="unknown">{slo.state === 'no-data' ? 'unknown' : 'no traffic'}</span>
          )}
        </td>
        <td class="traffic" data-title="Traffic">
          <Traffic traffic={traffic} />
        </td>
      </tr>
    );
  }
}

function Traffic({ traffic }: { readonly traffic: TrafficView | null }) {
  const latest = traffic?.requestsPerSecond.findLast((value) => value !== null);
  if (!traffic || latest == null) return <span class="unknown">unknown</span>;
  return (
    <>
      <Sparkline values={traffic.requestsPerSecond} />
      <span class="figure">{shortText(latest)}/s</span>
    </>
  );
}

/** What a reader must know to trust the figures. */
function notes({ events, perspective }: SloView): readonly string[] {
  const observed = events.total > 0 ? coverageInWords(events.coverage) : undefined;
  return [
    ...(perspective === 'server' ? [] : [perspectiveNames[perspective]]),
    ...(observed === undefined ? [] : [observed]),
    ...(events.imported > 0 ? ['imported history'] : []),
  ];
}

/** Whose eyes, where they are not those of the service's own proxy. */
export const perspectiveNames: Readonly<Record<SloView['perspective'], string>> = {
  server: 'seen by the service’s proxy',
  'mesh-failures': 'mesh failures',
  client: 'seen by clients',
  union: 'service and mesh',
};

/** The API says null where the words want undefined. */
export function paceText(pace: NonNullable<SloView['pace']>): string {
  return paceInWords({ ...pace, exhaustedInSeconds: pace.exhaustedInSeconds ?? undefined });
}

/** `1 hour`, of a burn window. */
export function burnWindowText(seconds: number): string {
  return seconds === 86_400 ? '1 day' : spanInWords(seconds);
}
