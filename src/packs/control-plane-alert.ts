import type { AlertName } from '../domain/alert-names.js';
import type { Matcher } from '../promql/expression.js';
import type { ControlPlaneKind } from './control-plane-pack.js';

/** An alert about control planes, their proxies or registries, as data: what asks for it, and what it says. */
export interface ControlPlaneAlert {
  readonly name: AlertName;
  readonly rules: readonly ControlPlaneAlertRule[];
  /**
   * With `{label}`, `{value}`, `{value|percent}` and `{value|duration}` where these stand, `{value|end}` for `ends in` or `ended`
   * a while `ago`, and `{value|proxy|proxies}` where a word goes by whether the value is one.
   */
  readonly summary: string;
  readonly description: string;
  readonly action: string;
  readonly tests: readonly ControlPlaneAlertTest[];
}

/**
 * What meshslo itself tells: of all control planes (`meshslo`), of registries, and findings of any kind, which there are without
 * either, too.
 */
export const toldByMeshslo = ['meshslo', 'registry', 'finding'] as const;

export type ToldByMeshslo = (typeof toldByMeshslo)[number];

export function isToldByMeshslo(of: ControlPlaneAlertRule['of']): of is ToldByMeshslo {
  return (toldByMeshslo as readonly string[]).includes(of);
}

/** One condition for it; an alert may have another one for every kind of control plane. */
export interface ControlPlaneAlertRule {
  /** Whose metrics it reads. */
  readonly of: ControlPlaneKind | ToldByMeshslo;
  readonly condition: AlertCondition;
  /** Labels of the metric that the alert keeps, beside those that say where it is. */
  readonly by: readonly string[];
  /** What tells it from another rule of the same alert and kind. */
  readonly labels: Readonly<Record<string, string>>;
  readonly forSeconds: number;
  /** In place of the alert's own. */
  readonly summary: string | undefined;
}

/** The series of a metric that pass matchers. */
export interface AlertSeries {
  readonly metric: string;
  readonly matchers: readonly Matcher[];
}

/** When an alert is due. Each form has one expression, so that no definition can get its algebra wrong. */
export type AlertCondition =
  /** A quantile of a histogram's growth. */
  | {
      readonly form: 'quantile';
      readonly of: AlertSeries;
      readonly quantile: number;
      readonly overSeconds: number;
      readonly above: number;
    }
  /** The mean of a summary or a histogram over its growth. */
  | { readonly form: 'mean'; readonly of: AlertSeries; readonly overSeconds: number; readonly above: number }
  /** Growth of some counters as a share of others'; at least so many events, so that one of two is no half. */
  | {
      readonly form: 'share';
      readonly of: readonly AlertSeries[];
      readonly in: readonly AlertSeries[];
      readonly overSeconds: number;
      readonly above: number;
      readonly atLeast: number;
    }
  /** Growth of counters. */
  | {
      readonly form: 'growth';
      readonly of: readonly AlertSeries[];
      readonly overSeconds: number;
      readonly above: number;
    }
  /** The value of gauges, combined. */
  | {
      readonly form: 'gauge';
      readonly of: AlertSeries;
      readonly combine: 'sum' | 'min' | 'max' | 'count';
      readonly above: number | undefined;
      readonly below: number | undefined;
    }
  /** One gauge as a share of another one, series by series; series without the other one, or with a zero, are left out. */
  | { readonly form: 'ratio'; readonly of: AlertSeries; readonly in: AlertSeries; readonly above: number }
  /** Time until a moment that a gauge tells in epoch seconds; zero and less tells nothing. */
  | { readonly form: 'time-left'; readonly of: AlertSeries; readonly below: number }
  /** Time since such a moment. */
  | { readonly form: 'age'; readonly of: AlertSeries; readonly above: number }
  /** Series that were there lately and are not. */
  | { readonly form: 'gone'; readonly of: AlertSeries; readonly withinSeconds: number }
  /** How many values of a label have a series above zero. */
  | { readonly form: 'distinct'; readonly of: AlertSeries; readonly label: string; readonly above: number };

/** Series that make an alert fire, or do not. */
export interface ControlPlaneAlertTest {
  readonly of: ControlPlaneAlertRule['of'];
  /** What is the case. */
  readonly when: string;
  readonly fires: boolean;
  readonly atSeconds: number;
  readonly series: readonly ExampleValues[];
}

/** A series of a test. */
export interface ExampleValues {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  /** In promtool's notation, one every minute. */
  readonly values: string;
}

/** Metrics that a condition reads; of histograms, the series. */
export function seriesOf(condition: AlertCondition): readonly AlertSeries[] {
  const suffixed = ({ metric, matchers }: AlertSeries, suffix: string): AlertSeries => ({
    metric: `${metric}_${suffix}`,
    matchers,
  });
  switch (condition.form) {
    case 'quantile':
      return [suffixed(condition.of, 'bucket')];
    case 'mean':
      return [suffixed(condition.of, 'sum'), suffixed(condition.of, 'count')];
    case 'share':
      return [...condition.of, ...condition.in];
    case 'growth':
      return condition.of;
    case 'ratio':
      return [condition.of, condition.in];
    default:
      return [condition.of];
  }
}
