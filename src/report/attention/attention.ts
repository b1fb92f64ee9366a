import { serviceKey } from '../../domain/service-id.js';
import type { SloId } from '../../domain/slo.js';
import type { AttentionItem } from '../week-report.js';
import { causeInWords, firstStep } from '../words/causes.js';
import { broken, costly, runningOut } from './budgets.js';
import type { AttentionParts, Ranked } from './ranked.js';
import { blind, partlySeen, unseen } from './sight.js';
import { noisy, nobody, openFindings } from './surroundings.js';

/** What needs somebody next week, the most pressing first: few. */
export function attention(parts: AttentionParts): readonly AttentionItem[] {
  const rules = [blind, broken, runningOut, costly, unseen, partlySeen, noisy, openFindings, nobody];
  const most = parts.scope.kind === 'organisation' ? 6 : 5;
  return rules
    .flatMap((rule) => rule(parts))
    .sort((a, b) => b.rank - a.rank || (a.title < b.title ? -1 : 1))
    .filter(isFirstOfItsService)
    .slice(0, most)
    .map(({ kind, title, why, action, owner, service, failing }) => {
      const { failures, step } = failing === undefined ? nothingKnown : failuresInWords(failing, parts);
      return { kind, title, why: `${why}${failures}`, action: `${step}${action}`, owner, service };
    });
}

/** What is said of a service's budgets is said once: the most pressing of it. */
function isFirstOfItsService({ service }: Ranked, position: number, all: readonly Ranked[]): boolean {
  if (service === undefined) return true;
  const key = serviceKey(service);
  return all.findIndex((one) => one.service !== undefined && serviceKey(one.service) === key) === position;
}

const nothingKnown = { failures: '', step: '' };

/** ` Failed this week: all with code 503.`, and where to look first. */
function failuresInWords(id: SloId, { causeOf, slos }: Pick<AttentionParts, 'causeOf' | 'slos'>) {
  const cause = causeOf(id);
  if (!cause || cause.shares.length === 0) return nothingKnown;
  const { slo } = slos.find((one) => one.id === id)!;
  const words = causeInWords(cause, slo);
  const step = firstStep(cause, slo);
  return {
    failures: ` ${slo.indicator.kind === 'availability' ? 'Failed' : 'Too slow'} this week: ${words.charAt(0).toLowerCase()}${words.slice(1)}`,
    step: step === undefined ? '' : `${step} `,
  };
}
