import { roundPercentInWords } from '../../domain/in-words.js';
import { flagsInWords } from '../../domain/response-flags.js';
import type { Slo } from '../../domain/slo.js';
import type { BurnCause, CauseShare } from '../burn-event.js';

/** Further facts say less than they cost to read. */
const mostFacts = 4;

/** Whose failures they are. */
type FailingSlo = Pick<Slo, 'indicator' | 'service'>;

/** `All answered with code 500 by the service itself, called by storefront; 61.2 % at version v3.` */
export function causeInWords({ bad, shares }: BurnCause, slo: FailingSlo): string {
  const told = tellingShares(shares, slo).slice(0, mostFacts);
  if (told.length === 0) return 'They have nothing in common that is known.';
  const all = told.filter((share) => share.bad === bad);
  // Of two facts of as many events, nobody knows whether these are the same events.
  const most = told.filter((share) => share.bad < bad).sort((a, b) => b.bad - a.bad);
  const parts = [
    ...(all.length > 0 ? [`all ${factsInWords(all)}`] : []),
    ...most.map((share) => `${roundPercentInWords(share.bad / bad)} ${factInWords(share)}`),
  ];
  const text = parts.join('; ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** Where to look first, as one sentence; undefined where nothing is known that says so. */
export function firstStep({ shares }: BurnCause, slo: FailingSlo): string | undefined {
  const told = tellingShares(shares, slo);
  const valueOf = (fact: CauseShare['fact']): string | undefined => told.find((share) => share.fact === fact)?.value;
  const [flags, code, caller, version] = [valueOf('flags'), valueOf('code'), valueOf('caller'), valueOf('version')];
  const calls = caller === undefined ? 'calls' : `calls from ${caller}`;
  if (flags !== undefined && flags !== '-') {
    return `See why ${calls} end with ${flagWords(flags)}.`;
  }
  if (slo.indicator.kind !== 'availability') return caller === undefined ? undefined : `See what is slow in ${calls}.`;
  const logs = `its logs${version === undefined ? '' : ` (version ${version})`}`;
  if (code === '0') return `See in ${logs} why ${calls} get no answer.`;
  if (code !== undefined) return `See ${flags === '-' ? `in ${logs} ` : ''}what ends with code ${code} in ${calls}.`;
  return caller === undefined ? undefined : `See what goes wrong in ${calls}.`;
}

/** What goes without saying is left out: answers that came too late were answers, and most calls come from where the service is. */
function tellingShares(shares: readonly CauseShare[], { indicator, service }: FailingSlo): readonly CauseShare[] {
  const isAnswer = ({ fact, value }: CauseShare): boolean =>
    (fact === 'flags' && value === '-') || (fact === 'code' && /^2\d\d$/.test(value));
  return shares.filter(
    (share) =>
      !(indicator.kind !== 'availability' && isAnswer(share)) &&
      !(share.fact === 'callerCluster' && share.value === service.cluster),
  );
}

/** Facts that all events share. */
function factsInWords(shares: readonly CauseShare[]): string {
  const code = shares.find(({ fact }) => fact === 'code');
  const isOwnAnswer = shares.some(({ fact, value }) => fact === 'flags' && value === '-');
  const answered = code && isOwnAnswer && code.value !== '0';
  const others = answered ? shares.filter(({ fact }) => fact !== 'code' && fact !== 'flags') : shares;
  return [
    ...(answered ? [`answered with code ${code.value} by the service itself`] : []),
    ...others.map(factInWords),
  ].join(', ');
}

function factInWords({ fact, value }: CauseShare): string {
  switch (fact) {
    case 'flags':
      return value === '-' ? 'ended by the service itself' : `with ${flagWords(value)}`;
    case 'code':
      return value === '0' ? 'without an answer (code 0)' : `with code ${value}`;
    case 'caller':
      return `called by ${value}`;
    case 'version':
      return `at version ${value}`;
    case 'method':
      return `of method ${value}`;
    case 'callerCluster':
      return `from cluster ${value}`;
  }
}

/** `“could not connect” (UF)` */
function flagWords(flags: string): string {
  const meaning = flagsInWords(flags);
  return meaning === undefined ? `flag ${flags}` : `“${meaning}” (${flags})`;
}
