import type { BoardUnit, PanelKind, PanelStep, Tone, ValueWord } from '../domain/board.js';
import type { Condition } from './condition.js';
import type { ControlPlaneKind } from './control-plane-pack.js';
import type { Measure } from './measure.js';
import type { MetricWord } from './metric-vocabulary.js';

/**
 * A dashboard as operators tune it: which panels, in which order, with which words and limits. From one pack come as many
 * boards as there is of what it is about.
 *
 * @see docs/dashboards.md
 */
export interface BoardPack {
  readonly name: string;
  readonly about: BoardSubject;
  readonly title: string;
  /** The title of one of many, with `{service}`, `{owner}` or `{mesh}`. */
  readonly each: string;
  /** What it answers. */
  readonly answers: string;
  /** Whose question it is. */
  readonly audience: string;
  /** Meshes and control planes of which one must be in use for there to be such a board; none of both: it is always there. */
  readonly meshes: readonly string[];
  readonly controlPlanes: readonly ControlPlaneKind[];
  readonly rangeSeconds: number;
  readonly variables: readonly WrittenVariable[];
  readonly events: readonly EventSource[];
  readonly rows: readonly WrittenRow[];
  /** Metrics that only this pack asks for. */
  readonly metrics: readonly MetricWord[];
}

/**
 * What there is a board of: the whole; each mesh; the whole, to choose from, and each team or service.
 */
export const boardSubjects = ['organisation', 'owner', 'mesh', 'service'] as const;

export type BoardSubject = (typeof boardSubjects)[number];

/** What happened, from whom it is known. */
export const eventSources = ['alerts', 'deploys', 'corrections', 'findings', 'control-plane', 'migrations'] as const;

export type EventSource = (typeof eventSources)[number];

/** Rows that one mesh adds to the boards of every mesh: what only its proxies tell. */
export interface BoardAddition {
  readonly mesh: string;
  readonly metrics: readonly MetricWord[];
  /** By the name of the board's pack. */
  readonly rows: ReadonlyMap<string, readonly WrittenRow[]>;
}

/** In place of a metric: proxies of the board's mesh, by whatever tells that they are there. */
export const proxiesThemselves = 'proxies';

export interface WrittenVariable {
  readonly name: string;
  readonly title: string;
  /** Or {@link proxiesThemselves}. */
  readonly metric: string;
  readonly label: string;
  readonly where: readonly Condition[];
  readonly single: boolean;
}

export interface WrittenRow {
  readonly title: string;
  readonly panels: readonly WrittenPanel[];
}

export interface WrittenPanel {
  readonly title: string;
  readonly description: string;
  readonly kind: PanelKind;
  readonly unit: BoardUnit;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly steps: readonly PanelStep[];
  readonly words: readonly ValueWord[];
  readonly least?: number | undefined;
  readonly most?: number | undefined;
  readonly noValue: string;
  readonly stacked: boolean;
  readonly labels: readonly WrittenLabel[];
  readonly queries: readonly WrittenQuery[];
}

/** A column of a table that tells rows apart. */
export interface WrittenLabel {
  readonly label: string;
  readonly title: string;
  readonly to: CellTarget | undefined;
  /** Rows are sorted by it, A to Z. */
  readonly first: boolean;
}

/** Where a table's cell leads. */
export const cellTargets = ['service-board', 'service-page', 'proxy-board', 'runbook', 'team-board'] as const;

export type CellTarget = (typeof cellTargets)[number];

export interface WrittenQuery {
  readonly measure: Measure;
  /** With `{{label}}` for a label, and `{caller}`, `{version}`, ... for what the mesh calls a fact. */
  readonly legend: string;
  readonly tone?: Tone | undefined;
  readonly unit?: BoardUnit | undefined;
  readonly steps?: readonly PanelStep[] | undefined;
  readonly words?: readonly ValueWord[] | undefined;
  /** The largest ones only, or the smallest. */
  readonly top?: number | undefined;
  readonly bottom?: number | undefined;
  /** Only what is above. */
  readonly above?: number | undefined;
  readonly below?: number | undefined;
  /** How many there are, in place of what they are; for each value of the labels in `countBy`. */
  readonly count: boolean;
  readonly countBy: readonly string[];
  /** What is not there is zero wherever this is: a counter that begins with its first event, a count of what is wrong. */
  readonly zeroWhere?: Measure | undefined;
  /** Digits behind the point, where the last one matters. */
  readonly decimals?: number | undefined;
  /** Of a table's column: by it the rows are sorted, those with the least or the most first. */
  readonly first?: 'least' | 'most' | undefined;
  /** Now, where the panel would show the past. */
  readonly instant?: boolean | undefined;
}

/** All packs of dashboards, and the words that their queries may use beside those of signal packs and rules. */
export interface BoardPacks {
  /** By name, in the order in which boards name each other. */
  readonly boards: readonly BoardPack[];
  readonly additions: readonly BoardAddition[];
  readonly metrics: readonly MetricWord[];
}
