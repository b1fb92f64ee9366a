import type { SyntaxNode } from '@lezer/common';
import type { Obstacle, Reading } from '../obstacle.js';
import { isObstacle } from '../obstacle.js';
import { minus, noEvents, plus } from './counted-events.js';
import type { CountedEvents } from './counted-events.js';
import { expressionsIn, parseQuery } from './parse-query.js';
import { readSelector } from './read-selector.js';

/** What a query counts: signed sums of rates of counters, or why it is something else. */
export function readEvents(text: string): Reading<CountedEvents> {
  const query = parseQuery(text);
  return isObstacle(query) ? query : eventsOf(query.root, query.text);
}

/** The same for a part of a query. */
export function eventsOf(node: SyntaxNode, text: string): Reading<CountedEvents> {
  const [inner, ...others] = expressionsIn(node);
  switch (node.name) {
    case 'ParenExpr':
      return eventsOf(inner!, text);
    case 'AggregateExpr':
      return ofAggregation(node, text);
    case 'FunctionCall':
      return ofFunction(node, text);
    case 'VectorSelector':
      return ofSelector(node, text);
    case 'BinaryExpr':
      return ofOperation(node, [inner!, others[0]!], text);
    case 'UnaryExpr': {
      const events = eventsOf(inner!, text);
      if (isObstacle(events) || text[node.from] !== '-') return events;
      return minus(noEvents, events);
    }
    case 'NumberDurationLiteral':
      if (Number(text.slice(node.from, node.to)) === 0) return noEvents;
      return notCounted(`the number ${text.slice(node.from, node.to)} counts no requests`);
    case 'OffsetExpr':
    case 'StepInvariantExpr':
      return notCounted(
        'it looks at another time than its own (offset, @)',
        'a promise is about the time it is judged',
      );
    case 'SubqueryExpr':
      return notCounted('it has a query inside a query', 'write the sum of rates alone: the window is meshslo’s part');
    default:
      return notCounted(`${node.name} is no sum of counters`);
  }
}

function ofAggregation(node: SyntaxNode, text: string): Reading<CountedEvents> {
  const operator = node.getChild('AggregateOp')!;
  const operation = text.slice(operator.from, operator.to);
  if (operation.toLowerCase() !== 'sum') {
    return notCounted(`${operation}() is no sum of events`, 'promises are about shares of requests, each counted once');
  }
  const modifier = node.getChild('AggregateModifier');
  const labels = modifier?.getChild('GroupingLabels')?.getChildren('LabelName') ?? [];
  if (modifier?.getChild('Without')) {
    return notCounted('sum without (...) keeps many results apart', 'write sum(...) of one service');
  }
  const events = eventsOf(expressionsIn(node.getChild('FunctionCallBody')!)[0]!, text);
  if (isObstacle(events)) return events;
  const groupedBy = labels.map(({ from, to }) => text.slice(from, to));
  return plus(
    { ...events, terms: events.terms.map((term) => ({ ...term, isSummed: true })) },
    { ...noEvents, groupedBy },
  );
}

function ofFunction(node: SyntaxNode, text: string): Reading<CountedEvents> {
  const identifier = node.getChild('FunctionIdentifier')!;
  const name = text.slice(identifier.from, identifier.to);
  const [first] = expressionsIn(node.getChild('FunctionCallBody')!);
  switch (name) {
    case 'rate':
    case 'increase':
      if (first?.name === 'MatrixSelector') return eventsOf(expressionsIn(first)[0]!, text);
      return first ? eventsOf(first, text) : notCounted(`${name}() of nothing`);
    case 'vector':
      return first ? eventsOf(first, text) : notCounted('vector() of nothing');
    case 'histogram_quantile':
      return {
        code: 'quantile-not-counted',
        message: 'a quantile is no share of requests, and cannot be added up over time',
        hint: '"p99 within 500ms" is, as a promise, 99 % of requests within 500ms: { objective: 99%, threshold: 500ms }',
      };
    case 'histogram_fraction':
    case 'histogram_count':
      return notCounted(`${name}() reads native histograms, which proxies of meshes do not print`);
    case 'irate':
      return notCounted('irate() looks at two samples only and misses events', 'write rate()');
    default:
      return notCounted(`${name}() does not count events`, 'sum(rate(...)) of a counter does');
  }
}

function ofSelector(node: SyntaxNode, text: string): Reading<CountedEvents> {
  const { metric, matchers } = readSelector(node, text);
  if (metric === undefined) return notCounted('it names no metric, or several at once');
  return { ...noEvents, terms: [{ sign: 1, metric, matchers, isSummed: false }] };
}

function ofOperation(
  node: SyntaxNode,
  [left, right]: readonly [SyntaxNode, SyntaxNode],
  text: string,
): Reading<CountedEvents> {
  const a = eventsOf(left, text);
  if (isObstacle(a)) return a;
  if (node.getChild('Gtr') ?? node.getChild('Neq')) {
    const isAboutNone = Number(text.slice(right.from, right.to)) === 0 && !node.getChild('BoolModifier');
    return isAboutNone ? a : notCounted('a comparison with anything but 0 drops events');
  }
  const b = eventsOf(right, text);
  if (isObstacle(b)) return b;
  if (node.getChild('Add')) return plus(a, b);
  if (node.getChild('Sub')) return minus(a, b);
  if (node.getChild('Or') && b.terms.length === 0) return { ...a, hidesLoss: true };
  const [operator] = text.slice(left.to, right.from).trim().split(/\s/);
  return notCounted(`${JSON.stringify(operator)} does not count events`, 'sums and differences of counters do');
}

function notCounted(message: string, hint?: string): Obstacle {
  return { code: 'not-a-count', message, hint };
}
