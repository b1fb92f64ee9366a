/**
 * A dashboard as it is to be looked at, whoever draws it: Grafana, or the page.
 *
 * Queries are PromQL in which `${name}` stands for the chosen values of a variable, and `$__interval`, `$__rate_interval` and
 * `$__range` for what Grafana says of the shown time.
 */
export interface Board {
  /** Unique and stable: letters, digits, `-` and `_`, at most 40 of them. */
  readonly uid: string;
  readonly title: string;
  /** What it answers, and for whom; one or two sentences. */
  readonly description: string;
  /** `slos`, `team`, `service`, ...: what the name of its pack says. */
  readonly pack: string;
  readonly tags: readonly string[];
  /** How much of the past is shown at first. */
  readonly rangeSeconds: number;
  readonly refreshSeconds: number;
  readonly variables: readonly BoardVariable[];
  readonly links: readonly BoardLink[];
  readonly events: readonly BoardEvents[];
  readonly rows: readonly BoardRow[];
}

/** Something to choose: values of one label, of which several or all may be chosen. */
export interface BoardVariable {
  readonly name: string;
  readonly title: string;
  readonly label: string;
  /** The series whose label it is. */
  readonly selector: string;
  /** Whether one value is chosen, or any number of them. */
  readonly single: boolean;
}

/** A way to somewhere else; the address may hold variables. */
export interface BoardLink {
  readonly title: string;
  readonly url: string;
  /** Whether time and variables go along. */
  readonly keepsView: boolean;
}

/** Moments to be marked on every chart. */
export interface BoardEvents {
  readonly name: string;
  /** Whether somebody has to switch them on: others tell the same, where there are others. */
  readonly isOff?: boolean;
  readonly tone: Tone;
  readonly source:
    | { readonly kind: 'query'; readonly expr: string; readonly title: string; readonly text: string }
    /** Annotations that somebody wrote into Grafana. */
    | { readonly kind: 'tags'; readonly tags: readonly string[] };
}

/** Panels under a common heading. */
export interface BoardRow {
  readonly title: string;
  readonly y: number;
  readonly panels: readonly BoardPanel[];
}

/** What a colour means, the same on every board. */
export const tones = ['plain', 'good', 'bad', 'warning', 'quiet', 'p50', 'p90', 'p99'] as const;

export type Tone = (typeof tones)[number];

/** How a panel is drawn. */
export const panelKinds = ['stat', 'timeseries', 'table', 'bars', 'heatmap', 'graph'] as const;

export type PanelKind = (typeof panelKinds)[number];

/** Units by their names in Grafana, so that a number means the same everywhere. */
export const boardUnits = ['short', 'percentunit', 'reqps', 'ops', 's', 'ms', 'bytes', 'x'] as const;

export type BoardUnit = (typeof boardUnits)[number];

export interface BoardPanel {
  /** Unique within the board. */
  readonly id: number;
  readonly title: string;
  readonly description: string;
  readonly kind: PanelKind;
  readonly unit: BoardUnit;
  readonly place: PanelPlace;
  readonly queries: readonly BoardQuery[];
  /** Values from which a colour holds, ascending; the first has none. */
  readonly steps: readonly PanelStep[];
  /** What is said in place of some values. */
  readonly words: readonly ValueWord[];
  readonly least: number | undefined;
  readonly most: number | undefined;
  /** What stands where there is no value: never a number. */
  readonly noValue: string;
  readonly stacked: boolean;
  /** Of a table: its labels and what they are called, in order. */
  readonly labels: readonly TableLabel[];
  readonly links: readonly BoardLink[];
}

/** Place on a grid of 24 columns; a row is 30 pixels. */
export interface PanelPlace {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PanelStep {
  readonly from: number | undefined;
  readonly tone: Tone;
}

/** A word that says more than its number: `Up` for 1. */
export interface ValueWord {
  readonly value: number;
  readonly text: string;
}

export interface TableLabel {
  readonly label: string;
  readonly title: string;
  /** Whether its values, A to Z, are what rows are sorted by. */
  readonly isFirst?: boolean;
  /** Where a cell leads; with `${__data.fields["label"]}` for the row's own labels. */
  readonly url?: string;
}

export interface BoardQuery {
  /** `A`, `B`, ...; `nodes` and `edges` for a graph. */
  readonly refId: string;
  readonly expr: string;
  /** With `{{label}}` where a label stands; a column's title in a table. Never empty. */
  readonly legend: string;
  /** Now, instead of over the shown time. */
  readonly instant: boolean;
  readonly tone: Tone | undefined;
  /** Of a column; undefined where it is the panel's. */
  readonly unit: BoardUnit | undefined;
  readonly steps: readonly PanelStep[] | undefined;
  readonly words: readonly ValueWord[] | undefined;
  /** Digits behind the point; undefined where any three figures will do. */
  readonly decimals: number | undefined;
  /** Of a table's column: whose rows come first; undefined for all but one column. */
  readonly first: 'least' | 'most' | undefined;
}
