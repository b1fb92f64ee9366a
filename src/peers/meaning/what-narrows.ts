import { present } from '../../documents/present.js';
import type { RequestFilter } from '../../domain/slo.js';
import type { LabelChoice, LabelSource, PackView, SignalPack } from '../../packs/signal-pack.js';
import { holds } from '../../packs/condition.js';
import { extract } from '../../packs/extraction-pattern.js';
import { labelNames } from '../../packs/signal-pack.js';
import type { Reading } from '../obstacle.js';
import type { EventTerm } from '../query/counted-events.js';
import { viewLabels } from './compare.js';
import type { Difference } from './differences.js';
import { fixedValue, passes } from './label-values.js';
import type { NamedService } from './named-service.js';

/** What a query asks for beyond the service and the outcome. */
export interface Narrowing {
  readonly filter: RequestFilter;
  readonly differences: readonly Difference[];
}

/** Labels of the scrape, not of the request. */
const scrapeLabels: readonly string[] = ['job', 'prometheus', 'monitor'];

/** The filter that a query's further matchers stand for; an obstacle for what an SLO file cannot ask for. */
export function whatNarrows(
  pack: SignalPack,
  view: PackView,
  terms: readonly EventTerm[],
  service: NamedService,
): Reading<Narrowing> {
  const { facts } = pack;
  const own = viewLabels(view);
  const filterLabels = new Map(
    (['caller', 'version', 'method'] as const).flatMap((fact) =>
      (facts[fact]?.labels ?? [])
        .filter(({ where }) => where.every((one) => holds(one, own.get(one.label) ?? '')))
        .map((source) => [source.label, { fact, source }] as const),
    ),
  );
  const asked = [...view.classes, ...view.latencyClasses, ...pack.views].flatMap(({ where }) => where);
  const known = new Set([
    'le',
    ...asked.map(({ label }) => label),
    ...namesOf(facts.httpCode),
    ...namesOf(facts.grpcCode),
    ...namesOf(facts.flags),
  ]);
  const filter: { caller?: string; version?: string; method?: string } = {};
  const differences: Difference[] = [];
  for (const label of new Set(terms.flatMap(({ matchers }) => matchers.map((matcher) => matcher.label)))) {
    if (service.said.has(label) || isServiceAgain(label, terms, service, namesOf(facts.callerNamespace))) continue;
    if (terms.every((term) => asksForNothing(term, label))) continue;
    const filtered = filterLabels.get(label);
    if (filtered === undefined && known.has(label)) continue;
    const values = new Set(terms.map((term) => fixedValue(term, label)));
    const [value] = values;
    if (scrapeLabels.includes(label)) {
      differences.push({
        code: 'all-targets-count',
        message: `your query takes ${label}=${JSON.stringify(value ?? '...')} alone; meshslo counts all targets of its jobs`,
      });
      continue;
    }
    const pattern = filtered?.source.pattern;
    const part = pattern && value !== undefined ? extract(pattern, value) : value;
    if (filtered && values.size === 1 && part !== undefined && part !== '') {
      filter[filtered.fact] = part;
      differences.push(...namedElsewhere(facts[filtered.fact]!, filtered));
      continue;
    }
    const matcher = terms.flatMap(({ matchers }) => matchers).find((one) => one.label === label)!;
    const said = `${label}${matcher.operator}${JSON.stringify(matcher.value)}`;
    const isOnlyBad = !terms[0]!.matchers.some((one) => one.label === label);
    return {
      code: 'filter-not-known',
      near: said,
      message: `it is about some of the service’s requests: ${said}${isOnlyBad ? ', in one of its selectors' : ''}`,
      hint: 'SLO files filter by caller, version and method, with =; if it leaves nothing out, take it away and import again',
    };
  }
  const earlier = service.earlier;
  if (earlier.length > 0) {
    const [label] = service.said.keys();
    const message = `the service is named by its ${label!}; where targets have a label ${earlier.join(' or ')}, meshslo calls it by that`;
    differences.push({
      code: 'named-by-another-label',
      message,
      hint: 'meshslo inspect shows how a target’s services are called',
    });
  }
  return { filter: present(filter), differences };
}

/** `label=~".*"` */
function asksForNothing({ matchers }: EventTerm, label: string): boolean {
  return matchers.every((one) => one.label !== label || (one.operator === '=~' && one.value === '.*'));
}

/** A fact that a pack looks for in another label first. */
function namedElsewhere(
  choice: LabelChoice,
  { fact, source }: { readonly fact: string; readonly source: LabelSource },
): readonly Difference[] {
  const earlier = choice.labels.slice(0, choice.labels.indexOf(source)).filter(({ where }) => where.length === 0);
  if (earlier.length === 0) return [];
  const message = `the ${fact} is named by its ${source.label}; where ${earlier.map(({ label }) => label).join(' or ')} is there, meshslo goes by that`;
  return [{ code: 'named-by-another-label', message }];
}

function namesOf(choice: LabelChoice | undefined): readonly string[] {
  return choice ? labelNames(choice) : [];
}

/** A label that says once more what is known: the host, or the namespace of the workload behind a service. */
function isServiceAgain(
  label: string,
  terms: readonly EventTerm[],
  { name, namespace }: NamedService,
  callers: readonly string[],
): boolean {
  if (callers.includes(label) || label.startsWith('source_')) return false;
  const values = [namespace, ...['', '.svc', '.svc.cluster.local'].map((end) => `${name}.${namespace}${end}`)];
  const isSpace = label.includes('namespace');
  const isHost = label === 'destination_service' || label === 'authority';
  const said = isSpace ? [namespace] : isHost ? values.slice(1) : [];
  return (
    terms.every(({ matchers }) =>
      matchers.filter((one) => one.label === label).every((one) => said.some((value) => passes(one, value))),
    ) && said.length > 0
  );
}
