import { Component } from 'preact';
import { coverageInWords, percentInWords } from '../../domain/in-words.js';
import type { ServiceView } from '../../server/api-types/service.js';
import { serviceAddress } from '../address/address.js';
import { BudgetBar } from '../words/budget-bar.js';
import { rateText } from '../words/numbers.js';
import { shortName } from '../words/short-name.js';
import { paceText, perspectiveNames } from '../words/slo-words.js';
import { UrgencyMark } from '../words/urgency-mark.js';
import { Sparkline } from './sparkline.js';

interface RowProps {
  readonly service: ServiceView;
  /** Since when the oldest of its pages fires, or else of its tickets; as text. */
  readonly firingSince: string | undefined;
  /** What all rows have in common is not said in each. */
  readonly showsCluster: boolean;
  readonly labelsImported: boolean;
}

/** One service of the list: the state of its most urgent SLO. Made again only when something of it has changed. */
export class ServiceRow extends Component<RowProps> {
  override shouldComponentUpdate(next: RowProps): boolean {
    return (Object.keys(next) as (keyof RowProps)[]).some((name) => next[name] !== this.props[name]);
  }

  override render({ service: view, firingSince, showsCluster, labelsImported }: RowProps) {
    const { service, namespace, cluster, owner, tier, worst, urgency } = view;
    const places = [namespace, ...(showsCluster ? [cluster] : []), ...(tier === null ? [] : [tier])];
    const place = places.map(shortName).join(' · ');
    return (
      <tr class={urgency ?? 'no-slo'}>
        <td class="state">{urgency ? <UrgencyMark urgency={urgency} /> : <span class="unknown">No SLO</span>}</td>
        <th scope="row">
          <a href={serviceAddress({ cluster, namespace, name: service })}>{shortName(service)}</a>{' '}
          <span class="place">{place}</span>{' '}
          {labels(view, labelsImported).map((label) => (
            <span class="label" key={label}>
              {label}
            </span>
          ))}
        </th>
        <td class="alerts" data-title="Alerts">
          <Alerts {...view.alerts} since={firingSince} />
        </td>
        <td class="owner" data-title="Owner">
          {owner === null ? <span class="unknown">nobody</span> : shortName(owner)}
        </td>
        <td class="worst" data-title="Worst SLO">
          {worst ? (
            <>
              {worst.slo} <span class="objective">{percentInWords(worst.objective)}</span>
            </>
          ) : (
            <span class="unknown">none</span>
          )}
        </td>
        <td class="left" data-title="Budget left">
          <BudgetBar remainingRatio={worst?.remainingRatio ?? null} />
        </td>
        <td class="pace" data-title="Burn rate">
          {worst?.pace ? paceText(worst.pace) : <span class="unknown">{unknownPace(worst)}</span>}
        </td>
        <td class="traffic" data-title="Traffic">
          <Traffic values={view.traffic} />
        </td>
      </tr>
    );
  }
}

function Alerts({ pages, tickets, since }: ServiceView['alerts'] & { readonly since: string | undefined }) {
  if (pages + tickets === 0) return <span class="none">none</span>;
  const kinds = [
    ...(pages > 0 ? [countOf(pages, 'page')] : []),
    ...(tickets > 0 ? [countOf(tickets, 'ticket')] : []),
  ].join(', ');
  return (
    <span class={pages > 0 ? 'paged' : ''}>
      {kinds}
      {since !== undefined && <span class="since"> since {since}</span>}
    </span>
  );
}

function countOf(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** Steps of five minutes within which a figure is one of now. */
const recentSteps = 3;

function Traffic({ values }: { readonly values: ServiceView['traffic'] }) {
  if (values.every((value) => value === null)) return <span class="unknown">unknown</span>;
  const latest = values.slice(-recentSteps).findLast((value) => value !== null);
  return (
    <>
      <Sparkline values={values} />
      <span class={latest == null ? 'figure unknown' : 'figure'}>{latest == null ? 'unknown' : rateText(latest)}</span>
    </>
  );
}

/** Why there is no pace. */
function unknownPace(worst: ServiceView['worst']): string {
  return worst?.state === 'no-traffic' ? 'no traffic' : 'unknown';
}

/** What a reader must know to trust the figures. */
function labels({ worst, coverage }: ServiceView, labelsImported: boolean): readonly string[] {
  if (!worst) return [];
  const observed =
    coverage === null || worst.state === 'no-data' || worst.state === 'no-traffic'
      ? undefined
      : coverageInWords(coverage);
  return [
    ...(worst.perspective === 'server' ? [] : [perspectiveNames[worst.perspective]]),
    ...(observed === undefined ? [] : [observed]),
    ...(labelsImported && worst.imported ? ['imported history'] : []),
  ];
}
