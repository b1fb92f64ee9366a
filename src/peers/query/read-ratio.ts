import type { SyntaxNode } from '@lezer/common';
import type { Reading } from '../obstacle.js';
import { isObstacle } from '../obstacle.js';
import type { CountedEvents } from './counted-events.js';
import { minus } from './counted-events.js';
import { expressionsIn, parseQuery } from './parse-query.js';
import { eventsOf } from './read-events.js';

/** The events behind a share: how many there are, and how many of them are bad. */
export interface PeerEvents {
  readonly total: CountedEvents;
  readonly bad: CountedEvents;
}

/** A query that divides events by events itself: `bad / total`, or `1 - good / total`. */
export function readRatio(text: string, isOf: 'bad' | 'good'): Reading<PeerEvents> {
  const query = parseQuery(text);
  if (isObstacle(query)) return query;
  return ratioOf(query.root, query.text, isOf, false);
}

function ratioOf(node: SyntaxNode, text: string, isOf: 'bad' | 'good', hidesLoss: boolean): Reading<PeerEvents> {
  const [left, right] = expressionsIn(node);
  if (node.name === 'ParenExpr') return ratioOf(left!, text, isOf, hidesLoss);
  if (node.name === 'BinaryExpr' && node.getChild('Div')) {
    const part = eventsOf(left!, text);
    if (isObstacle(part)) return part;
    const total = eventsOf(right!, text);
    if (isObstacle(total)) return total;
    const said = { ...total, hidesLoss: total.hidesLoss || hidesLoss };
    return { total: said, bad: isOf === 'bad' ? part : minus(total, part) };
  }
  if (node.name === 'BinaryExpr' && node.getChild('Sub') && text.slice(left!.from, left!.to) === '1') {
    return ratioOf(right!, text, isOf === 'bad' ? 'good' : 'bad', hidesLoss);
  }
  if (node.name === 'BinaryExpr' && node.getChild('Or') && /^vector\s*\(\s*[01]\s*\)$/.test(saidBy(right!, text))) {
    return ratioOf(left!, text, isOf, true);
  }
  return {
    code: 'ready-made-ratio',
    message: 'from a ratio alone nobody can tell how many requests there were: a budget is counted in requests',
    hint: 'write bad events and all events: SLO files of meshslo count what the mesh’s proxies counted',
  };
}

function saidBy(node: SyntaxNode, text: string): string {
  return text.slice(node.from, node.to);
}
