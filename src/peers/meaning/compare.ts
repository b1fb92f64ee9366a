import type { Verdict } from '../../domain/series-meaning.js';
import { holds, nameLabel } from '../../packs/condition.js';
import type { PackView, SignalPack } from '../../packs/signal-pack.js';
import type { Obstacle, Reading } from '../obstacle.js';
import type { EventTerm } from '../query/counted-events.js';
import type { PeerEvents } from '../query/read-ratio.js';
import { familyPlace } from './family.js';
import { fixedValue, takes } from './label-values.js';
import { dimensionsOf, exampleValues, ourVerdict, theirVerdict } from './probes.js';
import type { Dimension, Probe } from './probes.js';

/** Requests of which a query and meshslo make different things. */
export interface Disagreement {
  readonly dimension: Dimension;
  readonly values: readonly string[];
  /** `counted` where it depends on something else whether they are good or bad. */
  readonly theirs: Verdict | 'counted';
  readonly ours: Verdict;
  /** With a threshold: which of them. */
  readonly speed: 'fast' | 'slow' | 'any';
}

/** How two meanings of one promise compare. */
export interface Comparison {
  readonly disagreements: readonly Disagreement[];
}

/** What is looked at: a view of a pack, and queries of another tool about the same counters. */
export interface Compared {
  readonly pack: SignalPack;
  readonly view: PackView;
  readonly events: PeerEvents;
  readonly isLatency: boolean;
  /** Labels that every series in question has. */
  readonly fixed: ReadonlyMap<string, string>;
}

/**
 * What a query and meshslo make of every kind of request that the mesh can tell apart, one label at a time.
 *
 * Nothing is claimed where it would depend on another label of the same request.
 */
export function compare(compared: Compared): Reading<Comparison> {
  const { pack, view, events, isLatency } = compared;
  const terms = [...events.total.terms, ...events.bad.terms];
  const classes = isLatency ? view.latencyClasses : view.classes;
  const dimensions = dimensionsOf(pack, classes, terms);
  const base = usualRequest(compared, dimensions);
  if (base === undefined) return otherPromise(isLatency);

  const found: Disagreement[] = [];
  let isBadInBoth = false;
  for (const isSlow of isLatency ? [false, true] : [false]) {
    for (const dimension of [familyDimension(pack, terms, isLatency), ...dimensions]) {
      for (const value of dimension.values) {
        const views = assignments(dimensions, dimension, value, { ...base, isSlow });
        const verdicts = views.map((probe) => ({
          theirs: theirVerdict(pack, events, probe),
          ours: ourVerdict(pack, view, probe, isLatency),
        }));
        if (verdicts.some(({ theirs, ours }) => theirs === 'bad' && ours === 'bad')) isBadInBoth = true;
        if (verdicts.some(({ theirs, ours }) => theirs === ours)) continue;
        const [first] = verdicts;
        if (first === undefined) continue;
        if (first.theirs === 'unclear') return countedTwice(dimension, value);
        const isMixed = ['good', 'bad'].every((one) => verdicts.some(({ theirs }) => theirs === one));
        const theirs = isMixed && first.theirs !== 'left-out' ? 'counted' : first.theirs;
        found.push({
          dimension,
          values: [value],
          theirs,
          ours: first.ours,
          speed: isSlow ? 'slow' : 'fast',
        });
      }
    }
  }
  return isBadInBoth ? { disagreements: gathered(found, isLatency) } : otherPromise(isLatency);
}

/** A request that went well, for both. */
function usualRequest(compared: Compared, dimensions: readonly Dimension[]): Probe | undefined {
  const { pack, view, events, isLatency, fixed } = compared;
  const terms = [...events.total.terms, ...events.bad.terms];
  const families = familyDimension(pack, terms, isLatency).values.map(Number);
  const labels = new Map([...viewLabels(view), ...fixed]);
  for (const { label, kind, values } of dimensions) {
    if (fixed.has(label)) continue;
    if (kind === 'code') labels.set(label, '200');
    if (kind === 'code-class') labels.set(label, '2');
    if (kind === 'flags' && values.every((value) => /^[A-Z-]+$/.test(value))) labels.set(label, '-');
  }
  for (const family of families) {
    for (const other of otherLabels(dimensions, labels)) {
      const probe = { family, labels: other, isSlow: false };
      if (theirVerdict(pack, events, probe) === 'good' && ourVerdict(pack, view, probe, isLatency) === 'good')
        return probe;
    }
  }
  return undefined;
}

/** Values with which a series is one of the view's. */
export function viewLabels({ where }: PackView): ReadonlyMap<string, string> {
  const labels = new Map<string, string>();
  for (const condition of where) {
    if (condition.label === nameLabel || holds(condition, labels.get(condition.label) ?? '')) continue;
    const value = [...exampleValues(condition), 'x'].find((one) => holds(condition, one));
    if (value !== undefined) labels.set(condition.label, value);
  }
  return labels;
}

/** Every combination of the labels that are neither code nor flags: such as what a proxy itself calls a failure. */
function otherLabels(
  dimensions: readonly Dimension[],
  labels: ReadonlyMap<string, string>,
): readonly ReadonlyMap<string, string>[] {
  return dimensions
    .filter(({ kind }) => kind === 'other')
    .slice(0, 4)
    .reduce<readonly ReadonlyMap<string, string>[]>(
      (all, { label, values }) =>
        all.flatMap((one) => [one, ...values.slice(0, 8).map((value) => new Map([...one, [label, value]]))]),
      [labels],
    );
}

/** The requests that have one value, and anything in the labels that go with it. */
function assignments(
  dimensions: readonly Dimension[],
  { label, kind }: Dimension,
  value: string,
  base: Probe,
): readonly Probe[] {
  if (label === nameLabel) return [{ ...base, family: Number(value) }];
  const labels = new Map(base.labels).set(label, value);
  // What ends before there is an answer has no code.
  const noAnswer = kind === 'flags' && value !== '-';
  if (noAnswer) {
    for (const one of dimensions) {
      if (one.kind === 'code') labels.set(one.label, one.values.includes('0') ? '0' : '');
    }
  }
  const others = dimensions.filter((one) => one.kind === 'other' && one.label !== label);
  return otherLabels(others, labels).map((one) => ({ ...base, labels: one }));
}

/** The families that the queries name are kinds of requests, too. */
function familyDimension(pack: SignalPack, terms: readonly EventTerm[], isLatency: boolean): Dimension {
  const places = new Set(terms.map(({ metric }) => familyPlace(pack, metric)!.index));
  const all = isLatency ? pack.latency!.families : pack.requests.families;
  return { label: nameLabel, kind: 'other', values: [...places].filter((index) => index < all.length).map(String) };
}

/** Values that differ alike, together; what is alike for fast and slow ones, once. */
function gathered(found: readonly Disagreement[], isLatency: boolean): readonly Disagreement[] {
  const groups = new Map<string, Disagreement>();
  for (const one of found) {
    // Code 0 is no code: it is told in words of its own.
    const hasCode = one.values[0] !== '0';
    const key = JSON.stringify([one.dimension.label, one.theirs, one.ours, one.speed, hasCode]);
    const group = groups.get(key);
    groups.set(key, group ? { ...group, values: [...group.values, ...one.values] } : one);
  }
  const all = [...groups.values()];
  if (!isLatency) return all.map((one) => ({ ...one, speed: 'any' }));
  const isSame = (a: Disagreement, b: Disagreement): boolean =>
    a.dimension.label === b.dimension.label &&
    a.theirs === b.theirs &&
    a.ours === b.ours &&
    a.values.join() === b.values.join();
  return all.flatMap((one): Disagreement[] => {
    const hasTwin = all.some((other) => other !== one && isSame(one, other));
    if (!hasTwin) return [one];
    return one.speed === 'fast' ? [{ ...one, speed: 'any' }] : [];
  });
}

/** Labels that the terms of a query fix to one value each, all alike. */
export function sharedLabels(terms: readonly EventTerm[]): ReadonlyMap<string, string> {
  const [first, ...others] = terms;
  const shared = (first?.matchers ?? []).flatMap(({ label }): [string, string][] => {
    const value = fixedValue(first!, label);
    const isShared = label !== 'le' && others.every((term) => fixedValue(term, label) === value);
    return value !== undefined && isShared ? [[label, value]] : [];
  });
  return new Map(shared);
}

/** Whether any of the terms takes a series with these labels. */
export function isTaken(terms: readonly EventTerm[], labels: ReadonlyMap<string, string>): boolean {
  return terms.some((term) => takes(term, labels));
}

function countedTwice({ label }: Dimension, value: string): Obstacle {
  return {
    code: 'counts-disagree',
    message: `where ${label} is ${JSON.stringify(value)}, it counts bad requests that are not in the total, or requests twice`,
    hint: 'every bad request must be one of all requests',
  };
}

function otherPromise(isLatency: boolean): Obstacle {
  return {
    code: 'another-promise',
    message: isLatency
      ? 'what it calls bad are not the slow requests that a threshold stands for'
      : 'what it calls bad are not the requests that the mesh fails to answer',
    hint: 'meshslo promises availability (answers that are no 5xx) and latency (answers within a threshold)',
  };
}
