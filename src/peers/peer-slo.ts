import type { Budgeting } from '../domain/slo.js';
import type { Window } from '../domain/window.js';
import type { ValuePath, YamlDocument } from '../documents/yaml-document.js';
import type { Difference } from './meaning/differences.js';
import type { Obstacle } from './obstacle.js';

/** A query of PromQL, and where it stands. */
export interface PeerQuery {
  readonly document: YamlDocument;
  readonly text: string;
  readonly path: ValuePath;
}

/** How a tool says what is counted. */
export type PeerSli =
  | { readonly kind: 'bad-of-total' | 'good-of-total'; readonly part: PeerQuery; readonly total: PeerQuery }
  | { readonly kind: 'bad-ratio' | 'good-ratio'; readonly ratio: PeerQuery };

/** Something that is said of a place in a document. */
export interface Placed<T> {
  readonly value: T;
  readonly path: ValuePath;
}

/** One promise of another tool, as far as its format says it; nothing is known yet of what its queries mean. */
export interface PeerSlo {
  readonly document: YamlDocument;
  /** What it stands under. */
  readonly path: ValuePath;
  /** What its tool calls it. */
  readonly title: string;
  /** Its name among those of one service. */
  readonly name: string;
  readonly description: string | undefined;
  /** In (0, 1). */
  readonly objective: number;
  /** Undefined where its format has no window. */
  readonly window: Window | undefined;
  readonly budgeting: Budgeting;
  readonly sli: PeerSli;
  /** Whether sums must be written out: elsewhere the tool adds up by itself. */
  readonly mustSum: boolean;
  readonly owner: string | undefined;
  /** Whether its alerts may wake somebody. */
  readonly pages: boolean;
}

/** What a document holds: promises, what could not be read of them, and what is said of those that could. */
export interface ReadDocument {
  readonly slos: readonly PeerSlo[];
  /** How many promises it holds, with those that could not be read. */
  readonly found: number;
  readonly obstacles: readonly Placed<Obstacle>[];
  readonly differences: readonly Placed<Difference>[];
}
