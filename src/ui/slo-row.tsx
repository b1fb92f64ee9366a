import { Component } from 'preact';
import {
  coverageInWords,
  latencyInWords,
  objectiveInWords,
  paceInWords,
  percentInWords,
  spanInWords,
  windowInWords,
} from '../domain/in-words.js';
import { describeWindow } from '../domain/window.js';
import type { ServiceView } from '../server/api-types/service.js';
import type { SloView } from '../server/api-types/slo.js';
import { BudgetBar } from './budget-bar.js';
import { shortText } from './numbers.js';
import { Sparkline } from './sparkline.js';
import { addressOf } from './store.js';
import { UrgencyMark } from './urgency-mark.js';

interface RowProps {
  readonly slo: SloView;
  readonly traffic: ServiceView['traffic'];
  /** Whether it fits the filter. */
  readonly isShown: boolean;
  /** What all rows have in common is not said in each. */
  readonly showsCluster: boolean;
  readonly labelsImported: boolean;
}

/** One SLO of the list. A filter hides it, and does not take it away: making a thousand rows again takes half a second. */
export class SloRow extends Component<RowProps> {
  override shouldComponentUpdate(next: RowProps): boolean {
    return (Object.keys(next) as (keyof RowProps)[]).some((name) => next[name] !== this.props[name]);
  }

  override render({ slo, traffic, isShown, showsCluster, labelsImported }: RowProps) {
    return (
      <tr class={slo.urgency} hidden={!isShown}>
        <td class="state">
          <UrgencyMark urgency={slo.urgency} />
        </td>
        <th scope="row">
          <a href={addressOf(slo.id)}>
            <span class="service">{slo.service}</span> <span class="slo-name">{slo.slo}</span>
          </a>{' '}
          <span class="place">
            {showsCluster ? `${slo.cluster} / ` : ''}
            {slo.namespace}
          </span>
          <small>
            {notes(slo, labelsImported).map((note) => (
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
          <span title={`${objectiveInWords(slo)} ${windowInWords(slo.window)}`}>{objectiveBrief(slo)}</span>
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

function Traffic({ traffic }: { readonly traffic: ServiceView['traffic'] }) {
  const latest = traffic.findLast((value) => value !== null);
  if (latest == null) return <span class="unknown">unknown</span>;
  return (
    <>
      <Sparkline values={traffic} />
      <span class="figure">{shortText(latest)}/s</span>
    </>
  );
}

/** `99.9 % · 30 d`, `99 % ≤ 250 ms · month`: the whole sentence stands beside it, and in the details. */
function objectiveBrief({ objective, indicator, window }: SloView): string {
  const within = indicator.kind === 'latency' ? ` ≤ ${latencyInWords(indicator.thresholdSeconds)}` : '';
  const over = window.kind === 'rolling' ? describeWindow(window).replace(/(?<=\d)(?=[a-z])/g, ' ') : window.period;
  return `${percentInWords(objective)}${within} · ${over}`;
}

/** What a reader must know to trust the figures. */
function notes({ events, perspective }: SloView, labelsImported: boolean): readonly string[] {
  const observed = events.total > 0 ? coverageInWords(events.coverage) : undefined;
  return [
    ...(perspective === 'server' ? [] : [perspectiveNames[perspective]]),
    ...(observed === undefined ? [] : [observed]),
    ...(labelsImported && (events.imported ?? 0) > 0 ? ['imported history'] : []),
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
  if (seconds < 3600) return `${seconds / 60} minutes`;
  return seconds === 86_400 ? '1 day' : spanInWords(seconds);
}
