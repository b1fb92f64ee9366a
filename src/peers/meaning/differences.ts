import { flagsInWords } from '../../domain/response-flags.js';
import type { Verdict } from '../../domain/series-meaning.js';
import { nameLabel } from '../../packs/condition.js';
import type { Disagreement } from './compare.js';
import type { Dimension } from './probes.js';
import type { Obstacle } from '../obstacle.js';
import { codesInWords } from './codes-in-words.js';

/** Something that becomes another one on the way: a promise is taken, and this is said, in the same words for the same difference. */
export type Difference = Obstacle;

/** A disagreement between a query and meshslo, as a sentence. */
export function differenceInWords(found: Disagreement, pack: string, families: readonly string[]): Difference {
  const { theirs, ours, dimension, speed } = found;
  const pace = { fast: 'fast ', slow: 'slow ', any: '' }[speed];
  const requests = `${pace}${requestsInWords(found, families)}`;
  const own = ours === 'left-out' ? 'leaves them out' : `counts them as ${ours}`;
  const their =
    theirs === 'left-out'
      ? `leaves out ${requests}`
      : `counts ${requests}${theirs === 'counted' ? '' : ` as ${theirs}`}`;
  const hint = ours === 'good' && theirs !== 'counted' ? ownClass(dimension, found.values, theirs, pack) : undefined;
  return { code: 'counted-otherwise', message: `your query ${their}; meshslo ${own}`, hint };
}

function requestsInWords({ dimension: { label, kind }, values }: Disagreement, families: readonly string[]): string {
  const listed = values.map((value) => JSON.stringify(value)).join(' or ');
  if (label === nameLabel) return `what ${values.map((index) => families[Number(index)]!).join(' and ')} counts`;
  switch (kind) {
    case 'code':
      return values[0] === '0' ? 'requests without an answer (code 0)' : `answers with ${codesInWords(values)}`;
    case 'code-class':
      return `answers with ${values.map((digit) => `${digit}xx`).join(' and ')}`;
    case 'grpc':
      return `gRPC answers with status ${values.join(', ')}`;
    case 'flags': {
      const told = values.map((flag) => {
        const meaning = flagsInWords(flag);
        return meaning === undefined ? flag : `${flag} (${meaning})`;
      });
      return `requests with ${label} ${told.join(', ')}`;
    }
    case 'other':
      return `requests with ${label}=${listed}`;
  }
}

/** How a pack of one's own says the same. */
function ownClass(
  { label, kind }: Dimension,
  values: readonly string[],
  theirs: Verdict,
  pack: string,
): string | undefined {
  if (label === nameLabel || theirs === 'good') return undefined;
  const hundred = /^(\d)xx$/.exec(kind === 'code' ? codesInWords(values) : '')?.[1];
  const test =
    hundred !== undefined
      ? `{ pattern: '${hundred}[0-9][0-9]' }`
      : values.length === 1
        ? `'${values[0]!}'`
        : values.length <= 8
          ? `{ any_of: [${values.map((value) => `'${value}'`).join(', ')}] }`
          : undefined;
  if (test === undefined) return undefined;
  const line = `{ name: as-before, verdict: ${theirs}, where: { ${label}: ${test} } }`;
  return `a copy of the pack ${pack} can say it for all its services: first in its classes, ${line} (docs/own-pack.md)`;
}
