import { labelNames } from '../../packs/signal-pack.js';
import type { ClusterChoice, Constant, LabelChoice, LabelSource, ServiceLabels } from '../../packs/signal-pack.js';
import { quoteRegex } from '../../promql/escaping.js';
import { call, sumBy } from '../../promql/expression.js';
import type { Expression } from '../../promql/expression.js';
import type { RuleSettings } from './rule-settings.js';
import { serviceLabels } from './series-names.js';

/** Where ids of clusters stand until they have become names; the sum at the end drops them. */
const clusterIds = { ofTarget: 'target_cluster', ofMesh: 'mesh_cluster' } as const;

/** Anything that is not empty; a dot alone is no newline before Prometheus 3. */
const something = '(?s)(.+)';

/**
 * The same, or none: for a new label, which has no other value to keep. VictoriaMetrics 1.79 gives a new label that nothing matches what stood in
 * its memory before (a `cluster="2"`); where this matches nothing stays by itself.
 */
const anything = '(?s)(.*)';

/** Labels of raw series that say which service they are about. */
export function rawServiceLabels(service: ServiceLabels, { clusterLabel }: RuleSettings): readonly string[] {
  const choices: readonly (LabelChoice | Constant)[] = [
    ...(service.cluster === undefined ? [] : [service.cluster]),
    service.namespace,
    service.name,
  ];
  const labels = choices.flatMap((choice) => ('constant' in choice ? [] : labelNames(choice)));
  return [...new Set(clusterLabel === undefined ? labels : [clusterLabel, ...labels])];
}

/**
 * Sums by raw labels as sums by `cluster`, `namespace` and `service`: the names that the ledger has, by the same choice of
 * labels, with the same aliases, and without the ids that name nothing.
 *
 * @param further labels that stay beside these
 */
export function namedServices(
  sums: Expression,
  service: ServiceLabels,
  settings: RuleSettings,
  further: readonly string[] = [],
): Expression {
  const { kept, namespace, name } = withNamesSetAside(sums, service);
  const cluster = withCluster(kept, service.cluster, settings);
  const placed = withChoice(cluster, 'namespace', namespace);
  return sumBy([...serviceLabels, ...further], withChoice(placed, 'service', name));
}

/**
 * Raw series may have labels `namespace` and `service` themselves. Where these are one choice among several, what they say is
 * set aside before it is written over: otherwise two series could become one.
 */
function withNamesSetAside(
  sums: Expression,
  { namespace, name }: ServiceLabels,
): Pick<ServiceLabels, 'namespace' | 'name'> & { readonly kept: Expression } {
  const isPlain = (choice: LabelChoice | Constant, label: string): boolean =>
    'labels' in choice && choice.labels.length === 1 && choice.labels[0]!.label === label && !choice.labels[0]!.pattern;
  const raw = new Set([namespace, name].flatMap((choice) => ('labels' in choice ? labelNames(choice) : [])));
  const clashing = [
    ...(raw.has('namespace') && !isPlain(namespace, 'namespace') ? ['namespace'] : []),
    ...(raw.has('service') && !isPlain(name, 'service') ? ['service'] : []),
  ];
  const moved = <T extends LabelChoice | Constant>(choice: T): T =>
    'labels' in choice
      ? {
          ...choice,
          labels: choice.labels.map((one) =>
            clashing.includes(one.label) ? { ...one, label: `raw_${one.label}` } : one,
          ),
        }
      : choice;
  const kept = clashing.reduce((so, label) => copiedToNew(so, `raw_${label}`, label), sums);
  return { kept, namespace: moved(namespace), name: moved(name) };
}

function withCluster(sums: Expression, choice: ClusterChoice | undefined, settings: RuleSettings): Expression {
  const { cluster, clusterLabel, clusterAliases } = settings;
  // All ids are read before anything is written: raw series may have a label `cluster` themselves.
  const ofMesh = choice === undefined ? sums : withClusterId(sums, choice, clusterAliases);
  const ofBoth = clusterLabel === undefined ? ofMesh : copiedToNew(ofMesh, clusterIds.ofTarget, clusterLabel);
  const configured = constantLabel(ofBoth, 'cluster', cluster);
  const named = clusterLabel === undefined ? configured : aliased(configured, clusterIds.ofTarget, clusterAliases);
  return choice === undefined ? named : aliased(named, clusterIds.ofMesh, clusterAliases);
}

function withClusterId(sums: Expression, choice: ClusterChoice, aliases: RuleSettings['clusterAliases']): Expression {
  const [only, ...others] = choice.labels;
  const isCopy = others.length === 0 && only!.pattern === undefined && choice.otherwise === undefined;
  const chosen = isCopy
    ? copiedToNew(sums, clusterIds.ofMesh, only!.label)
    : withChoice(sums, clusterIds.ofMesh, choice);
  return withoutValues(chosen, clusterIds.ofMesh, [
    ...choice.unusable,
    ...choice.defaultIds.filter((id) => !aliases.has(id)),
  ]);
}

/** With the cluster that a raw label names, as people call it; nothing else that is written here is to be kept. */
export function withClusterOf(of: Expression, label: string, aliases: RuleSettings['clusterAliases']): Expression {
  return aliased(copiedToNew(of, clusterIds.ofTarget, label), clusterIds.ofTarget, aliases);
}

/** The cluster by its id, where there is one: as that says, or as people call it. */
function aliased(sums: Expression, id: string, aliases: RuleSettings['clusterAliases']): Expression {
  return [...aliases]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .reduce(
      (named, [alias, name]) => call('label_replace', named, 'cluster', inReplacement(name), id, quoteRegex(alias)),
      copied(sums, 'cluster', { label: id }),
    );
}

/** The first usable value of the choice as another label, which stays as it is where there is none. */
export function withChoice(sums: Expression, label: string, choice: LabelChoice | Constant): Expression {
  if ('constant' in choice) return constantLabel(sums, label, choice.constant);
  const { labels, unusable, otherwise } = choice;
  const [only, ...others] = labels;
  // Of one label alone, the selectors have passed usable values only.
  if (others.length === 0 && otherwise === undefined) {
    return only!.label === label && only!.pattern === undefined ? sums : copied(sums, label, only!);
  }
  const usable = labelNames(choice).reduce((named, from) => withoutValues(named, from, unusable), sums);
  const best = `mesh_${label}`;
  const begun = otherwise === undefined ? usable : constantLabel(usable, best, otherwise);
  // The last word is the first label's.
  return copied(
    [...labels].reverse().reduce((named, from) => copied(named, best, from), begun),
    label,
    { label: best },
  );
}

/** Gives `to` the value of `from`, or the part that its pattern takes out, wherever that has one. */
function copied(sums: Expression, to: string, { label, pattern }: Pick<LabelSource, 'label' | 'pattern'>): Expression {
  return call('label_replace', sums, to, '$1', label, pattern?.text ?? something);
}

/** Gives the new label `to` the value of `from`, if that has one. */
function copiedToNew(sums: Expression, to: string, from: string): Expression {
  return call('label_replace', sums, to, '$1', from, anything);
}

function withoutValues(sums: Expression, label: string, values: readonly string[]): Expression {
  return values.length === 0 ? sums : call('label_replace', sums, label, '', label, anyOf(values));
}

/** The same value of a label for all. */
export function constantLabel(sums: Expression, label: string, value: string): Expression {
  return call('label_replace', sums, label, inReplacement(value), '', '');
}

/** In a replacement, a dollar sign names a group. */
function inReplacement(text: string): string {
  return text.replaceAll('$', '$$$$');
}

function anyOf(values: readonly string[]): string {
  return values.map(quoteRegex).join('|');
}
