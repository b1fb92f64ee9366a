import { holds, matcherOf, nameLabel, negate } from '../../packs/condition.js';
import type { PackView, SignalPack } from '../../packs/signal-pack.js';
import { labelNames } from '../../packs/signal-pack.js';
import type { PeerEvents } from '../query/read-ratio.js';
import { isTaken, sharedLabels, viewLabels } from './compare.js';
import type { Difference } from './differences.js';
import { exampleValues } from './probes.js';

/** Series that the query adds up, and the view leaves out. */
export function rowsBeside(pack: SignalPack, view: PackView, { total }: PeerEvents): readonly Difference[] {
  const fixed = sharedLabels(total.terms);
  const outcomes = [pack.facts.flags, pack.facts.httpCode].flatMap((choice) => (choice ? labelNames(choice) : []));
  return view.where.flatMap((condition): Difference[] => {
    const { label } = condition;
    if (fixed.has(label) || label === nameLabel || outcomes.includes(label)) return [];
    const ofOthers = pack.views
      .filter((other) => other.perspective !== view.perspective && other.perspective !== 'union')
      .map((other) => viewLabels(other).get(label) ?? '');
    const isBeside = (value: string): boolean =>
      value !== '' && !holds(condition, value) && isTaken(total.terms, new Map([...fixed, [label, value]]));
    const beside = [...new Set([...ofOthers, ...exampleValues(negate(condition))])].filter(isBeside);
    if (beside.length === 0) return [];
    const own = matcherOf(condition);
    const rows = beside.map((value) => `${label}=${JSON.stringify(value)}`).join(' and ');
    const message = `your query also counts series with ${rows}: it does not ask for ${label}${own.operator}${JSON.stringify(own.value)}, as meshslo does`;
    const isTwice = ofOthers.some((value) => beside.includes(value));
    return [
      { code: 'more-series', message, hint: isTwice ? 'these are requests as other proxies saw them' : undefined },
    ];
  });
}
