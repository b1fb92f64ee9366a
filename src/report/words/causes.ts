import { roundPercentInWords } from '../../domain/in-words.js';
import { flagsInWords } from '../../domain/response-flags.js';
import type { BurnCause, CauseShare } from '../burn-event.js';

/** Further facts say less than they cost to read. */
const mostFacts = 4;

/** `All with code 503, from caller checkout; 61.2 % with UF,URX (could not connect, retries used up).` */
export function causeInWords({ bad, shares }: BurnCause): string {
  const told = shares.slice(0, mostFacts);
  if (told.length === 0) return 'They have nothing in common that is known.';
  const all = told.filter((share) => share.bad === bad).map(factInWords);
  const most = told
    .filter((share) => share.bad < bad)
    .map((share) => `${roundPercentInWords(share.bad / bad)} ${factInWords(share)}`);
  const parts = [...(all.length > 0 ? [`all ${all.join(', ')}`] : []), ...(most.length > 0 ? [most.join(', ')] : [])];
  const text = parts.join('; ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function factInWords({ fact, value }: CauseShare): string {
  switch (fact) {
    case 'flags': {
      const meaning = flagsInWords(value);
      return value === '-' ? 'answered so by the service itself' : `with ${value}${meaning ? ` (${meaning})` : ''}`;
    }
    case 'code':
      return `with code ${value}`;
    case 'caller':
      return `from caller ${value}`;
    case 'version':
      return `at version ${value}`;
    case 'method':
      return `of method ${value}`;
    case 'callerCluster':
      return `from cluster ${value}`;
  }
}
