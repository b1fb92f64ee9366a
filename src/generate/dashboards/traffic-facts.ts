import type { Perspective } from '../../domain/slo.js';
import { type Condition, holds, simplify } from '../../packs/condition.js';
import type { TrafficFact, TrafficMeasure } from '../../packs/measure.js';
import type { Constant, LabelChoice, PackView, SignalPack } from '../../packs/signal-pack.js';
import { labelNames } from '../../packs/signal-pack.js';
import type { Expression } from '../../promql/expression.js';
import type { BoardScope } from './board-scope.js';
import { seenFrom } from './board-scope.js';
import { constantLabel, withChoice } from '../rules/named-services.js';

/** A fact of requests, as a mesh tells it and as a chart shows it. */
export interface ShownFact {
  /** Labels of the mesh's series that say it. */
  readonly raw: readonly string[];
  /** Labels that say it on the chart. */
  readonly shown: readonly string[];
  /** Sums by the raw labels with those that are shown; undefined where they are the same. */
  readonly named: ((sums: Expression) => Expression) | undefined;
}

/** What stands where a mesh does not say it of some requests. */
const unsaid = 'unknown';

/**
 * A fact as one view of a mesh tells it; undefined for a mesh that does not. On a board of several meshes, of which each has labels
 * of its own, by one label for all.
 */
export function shownFact(
  fact: TrafficFact,
  pack: SignalPack,
  view: PackView,
  { meshes }: Pick<BoardScope, 'meshes'>,
): ShownFact | undefined {
  const isShared = meshes.length > 1 && fact !== 'target';
  const parts = partsOf(fact, pack, view).flatMap(([part, choice]) => shownPart(part, choice, view, isShared) ?? []);
  if (parts.length === 0) return undefined;
  const names = parts.flatMap(({ named }) => named ?? []);
  return {
    raw: [...new Set(parts.flatMap(({ raw }) => raw))],
    shown: [...new Set(parts.flatMap(({ shown }) => shown))],
    named: names.length === 0 ? undefined : (sums) => names.reduce((so, name) => name(so), sums),
  };
}

/**
 * Whose eyes requests are asked of: callers, which no proxy of the service tells of some meshes, are asked of their own proxies
 * there.
 */
export function perspectiveFor(
  { perspective, by }: Pick<TrafficMeasure, 'perspective' | 'by'>,
  pack: SignalPack,
  scope: BoardScope,
): Perspective {
  const tellsCallers = (from: Perspective): boolean =>
    pack.views.some((view) => view.perspective === from && shownFact('caller', pack, view, scope) !== undefined);
  const seen = seenFrom(perspective, scope);
  const isOthers = perspective === 'server' && by.includes('caller') && !tellsCallers(seen) && tellsCallers('client');
  return isOthers ? 'client' : seen;
}

type Choice = LabelChoice | Constant | undefined;

function partsOf(
  fact: TrafficFact,
  { facts }: SignalPack,
  { service }: PackView,
): readonly (readonly [string, Choice])[] {
  switch (fact) {
    case 'service':
      return [
        ['namespace', service.namespace],
        ['service', service.name],
      ];
    case 'caller':
    case 'version':
    case 'method':
    case 'flags':
      return [[fact, facts[fact]]];
    case 'code':
      return [
        ['code', facts.httpCode],
        ['grpc', facts.grpcCode],
      ];
    case 'target':
      return [['target', { labels: [{ label: 'instance', where: [] }], unusable: [] }]];
  }
}

function shownPart(part: string, choice: Choice, view: PackView, isShared: boolean): ShownFact | undefined {
  if (choice === undefined || 'constant' in choice) return undefined;
  // Some labels say it in the series of a view, and something else in those of another.
  const labels = choice.labels.filter(({ where }) => isToldIn(view, where));
  const seen: LabelChoice = { ...choice, labels };
  const raw = labelNames(seen);
  if (raw.length === 0) return undefined;
  if (!isShared && !isToBeNamed(part, seen)) return { raw: raw.slice(0, 1), shown: raw.slice(0, 1), named: undefined };
  const shown = `shown_${part}`;
  const named = (sums: Expression): Expression => withChoice(constantLabel(sums, shown, unsaid), shown, seen);
  return { raw, shown: [shown], named };
}

/** Whether series of a view may pass conditions: those of a label that the view says nothing of are without it. */
function isToldIn({ where: ofView }: PackView, where: readonly Condition[]): boolean {
  const isWithout = (label: string): boolean => ofView.every((one) => one.label !== label);
  if (where.some((one) => isWithout(one.label) && !holds(one, ''))) return false;
  return simplify([...ofView, ...where]) !== undefined;
}

/** Whether a label by itself says too much, nothing at all, or less than the next one. */
function isToBeNamed(part: string, { labels, otherwise }: LabelChoice): boolean {
  if (labels.some(({ pattern }) => pattern !== undefined) || part === 'version') return true;
  return (part === 'service' || part === 'namespace') && (labels.length > 1 || otherwise !== undefined);
}
