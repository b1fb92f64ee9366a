import { extract } from '../../packs/extraction-pattern.js';
import { isUsable } from '../../packs/signal-pack.js';
import type { Constant, LabelChoice, ServiceLabels } from '../../packs/signal-pack.js';
import type { Obstacle, Reading } from '../obstacle.js';
import { isObstacle } from '../obstacle.js';
import type { EventTerm } from '../query/counted-events.js';
import { fixedValue, listedValues } from './label-values.js';

/** The service that a query is about. */
export interface NamedService {
  /** Undefined: in every cluster. */
  readonly cluster: string | undefined;
  readonly namespace: string;
  readonly name: string;
  /** Labels that say so, with what they say. */
  readonly said: ReadonlyMap<string, string>;
  /** A label that a pack looks at before the one that names the service: where targets have it, its value is the name. */
  readonly earlier: readonly string[];
}

/** Names of clusters in a user's own words. */
export interface ClusterWords {
  /** The label that a Prometheus of several clusters adds. */
  readonly label: string;
  readonly aliases: ReadonlyMap<string, string>;
}

/**
 * Labels of meshes that hold a service's host name; packs read the name and the namespace from labels of their own.
 *
 * @see https://istio.io/latest/docs/reference/config/metrics/ (Destination Service)
 */
const hostLabels: readonly string[] = ['destination_service', 'authority'];

/** The service whose requests all of these series count, as a view of a pack names it; or why it is not one. */
export function namedService(
  { name, namespace, cluster }: ServiceLabels,
  terms: readonly EventTerm[],
  words: ClusterWords,
): Reading<NamedService> {
  const host = hostOf(terms);
  const found = 'constant' in name ? constant(name) : (chosen(name, terms) ?? host?.name ?? missing(name, terms));
  if (isObstacle(found)) return found;
  const space =
    'constant' in namespace
      ? constant(namespace)
      : (chosen(namespace, terms) ?? host?.namespace ?? otherwise(namespace, terms));
  if (isObstacle(space)) return space;
  const labels = [...(cluster?.labels ?? []).map(({ label }) => label), words.label];
  const place = labels.flatMap((label) => sameIn(terms, label) ?? [])[0];
  const isNone = place === undefined || place.value === '' || cluster?.defaultIds.includes(place.value) === true;
  return {
    name: found.value,
    namespace: space.value,
    cluster: isNone ? undefined : (words.aliases.get(place.value) ?? place.value),
    said: new Map([...found.said, ...space.said, ...(place?.said ?? [])]),
    earlier: found.earlier,
  };
}

interface Said {
  readonly value: string;
  readonly said: readonly (readonly [label: string, value: string])[];
  readonly earlier: readonly string[];
}

function constant(value: Constant): Said {
  return { value: value.constant, said: [], earlier: [] };
}

/** What a label is in all terms alike. */
function sameIn(terms: readonly EventTerm[], label: string): Said | undefined {
  const [value, ...others] = [...new Set(terms.map((term) => fixedValue(term, label)))];
  if (value === undefined || others.length > 0) return undefined;
  return { value, said: [[label, value]], earlier: [] };
}

function chosen(choice: LabelChoice, terms: readonly EventTerm[]): Said | undefined {
  for (const [index, { label, pattern }] of choice.labels.entries()) {
    const same = sameIn(terms, label);
    if (same === undefined || !isUsable(choice, same.value)) continue;
    const value = pattern === undefined ? same.value : extract(pattern, same.value);
    if (value === '') continue;
    const earlier = choice.labels.slice(0, index).map((one) => one.label);
    return { value, said: same.said, earlier: earlier.filter((one) => sameIn(terms, one) === undefined) };
  }
  return undefined;
}

/** `cart.shop.svc.cluster.local`, with or without its end and its port. */
function hostOf(terms: readonly EventTerm[]): { readonly name: Said; readonly namespace: Said } | undefined {
  for (const label of hostLabels) {
    const same = sameIn(terms, label);
    const [, name, namespace] = /^([^.:/]+)\.([^.:/]+)\.svc(?:\.[^:/]*)?(?::\d+)?$/.exec(same?.value ?? '') ?? [];
    if (same && name !== undefined && namespace !== undefined) {
      return { name: { ...same, value: name }, namespace: { ...same, value: namespace } };
    }
  }
  return undefined;
}

function otherwise(choice: LabelChoice, terms: readonly EventTerm[]): Said | Obstacle {
  const isAsked = choice.labels.some(({ label }) =>
    terms.some(({ matchers }) => matchers.some((m) => m.label === label)),
  );
  if (choice.otherwise === undefined || isAsked) return missing(choice, terms);
  return { value: choice.otherwise, said: [], earlier: [] };
}

function missing(choice: LabelChoice, terms: readonly EventTerm[]): Obstacle {
  const labels = [...new Set([...choice.labels.map(({ label }) => label), ...hostLabels])];
  const asking = terms.flatMap(({ matchers }) => matchers.filter(({ label }) => labels.includes(label)));
  const [matcher] = asking;
  const first = choice.labels[0]!.label;
  if (matcher === undefined) {
    return {
      code: 'service-not-named',
      near: terms[0]!.metric,
      message: `it names no service: nothing says what ${first} is`,
      hint: `write ${first}="..." into every selector: a promise of meshslo is one service’s`,
    };
  }
  const listed = listedValues(matcher);
  if (listed !== undefined && listed.length > 1) {
    return {
      code: 'several-services',
      near: matcher.label,
      message: `one promise for ${listed.length} services together: ${matcher.label}=~${JSON.stringify(matcher.value)}`,
      hint: 'write it once for each of them, with =',
    };
  }
  if (matcher.operator !== '=' && listed === undefined) {
    return {
      code: 'several-services',
      near: matcher.label,
      message: `one promise for all services that ${matcher.label}${matcher.operator}${JSON.stringify(matcher.value)} lets through`,
      hint: 'promises for many services alike are defaults of a tier: see defaults: in docs/slo-files.md',
    };
  }
  if (
    terms.length > 1 &&
    asking.length > 0 &&
    terms.some((term) => !term.matchers.some((m) => labels.includes(m.label)))
  ) {
    return {
      code: 'services-differ',
      near: matcher.label,
      message: `${matcher.label} stands in some selectors and is missing in others: they count different services`,
      hint: 'write it into every selector',
    };
  }
  const hint = `write ${first}="..." into every selector`;
  const values = [...new Set(asking.map(({ value }) => JSON.stringify(value)))];
  if (values.length > 1 && asking.every(({ label }) => label === matcher.label)) {
    const message = `its selectors are about different services: ${matcher.label} is ${values.join(' and ')}`;
    return { code: 'services-differ', message, hint };
  }
  const said = [...new Set(asking.map(({ label, operator, value }) => `${label}${operator}${JSON.stringify(value)}`))];
  return { code: 'service-not-named', message: `no one service can be read from ${said.join(' and ')}`, hint };
}
