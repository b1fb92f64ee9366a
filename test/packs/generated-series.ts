import fc from 'fast-check';
import { type Condition, nameLabel } from '../../src/packs/condition.js';
import type { LabelChoice, SignalPack } from '../../src/packs/signal-pack.js';

/** Values near every border of the packs' conditions and patterns, as proxies print them. */
const plausible = [
  ...['200', '0', '404', '429', '499', '500', '503', '599', '5000', '50', '600', '2', '4', '5'],
  ...['cart', 'web', 'unknown', 'svc/cart', 'svc/cart.shop', 'svc/cart:8080', 'svc/', 'svc/a/b', 'xsvc/cart'],
  ...[
    'ingress_http',
    'egress_http',
    'in',
    'inbound',
    'admin',
    'ingressor',
    'local_service',
    'xds_cluster',
    'shop/cart',
  ],
  ...['incoming', 'outgoing', 'http-outgoing', 'outgoingly', 'out', '10.0.0.1:4191', '10.0.0.1:41910', '4191'],
  'web.shop.serviceaccount.identity.linkerd.cluster.local',
  'web.serviceaccount.identity.linkerd.cluster.local',
  ...['inbound', 'outbound', 'source', 'destination', 'waypoint', 'success', 'failure', 'shop', 'eu-1', 'v1', 'latest'],
];

/** What no proxy ever wrote. */
const odd = ['a"b', 'back\\slash', 'two\nlines', '\u00e4\u{1f980}', '.*', 'x,y', '(', 'UF\n,DC'];

/** One series: a metric of the pack's requests, and labels. */
export interface GeneratedSeries {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Series as the proxies of a mesh could print them: labels that its pack asks for, with values near its borders. */
export function seriesOf(pack: SignalPack): fc.Arbitrary<GeneratedSeries> {
  return fc.record({ name: fc.constantFrom(...pack.requests.families), labels: labelSetsOf(pack) });
}

/** Sets of the labels that a pack asks for. */
export function labelSetsOf(pack: SignalPack): fc.Arbitrary<Readonly<Record<string, string>>> {
  const asked = askedLabels(pack);
  return fc.record(Object.fromEntries([...asked].map(([label, tests]) => [label, valuesOf(tests)])));
}

type Asked = (Condition['test'] | { readonly kind: 'any' })[];

/** Every label that a pack looks at, with what it is compared with. */
function askedLabels({ views, facts, requests }: SignalPack): ReadonlyMap<string, Asked> {
  const asked = new Map<string, Asked>();
  const ask = (label: string, test: Asked[number]): void => {
    if (label !== nameLabel) asked.set(label, [...(asked.get(label) ?? []), test]);
  };
  const choice = (one: LabelChoice): void => {
    for (const { label, pattern, where } of one.labels) {
      ask(
        label,
        pattern ? { kind: 'pattern', pattern: pattern.text, expression: pattern.expression } : { kind: 'any' },
      );
      ask(label, { kind: 'any-of', values: one.unusable });
      for (const condition of where) ask(condition.label, condition.test);
    }
  };
  for (const { where, service, classes } of views) {
    for (const condition of [...where, ...classes.flatMap((one) => one.where)]) ask(condition.label, condition.test);
    for (const one of [service.name, service.namespace]) if ('labels' in one) choice(one);
    if (service.cluster) choice(service.cluster);
  }
  const ofFacts = Object.values(facts) as readonly (LabelChoice | undefined)[];
  for (const one of ofFacts) if (one) choice(one);
  return requests.families.length > 0 ? asked : new Map();
}

function valuesOf(tests: Asked): fc.Arbitrary<string> {
  const named = tests.flatMap((test) => ('values' in test ? test.values : []));
  const patterns = tests.flatMap((test) => (test.kind === 'pattern' ? [test.expression] : []));
  const matching = plausible.filter((value) => patterns.some((pattern) => pattern.test(value)));
  const usual = [...new Set([...named, ...matching, 'cart', 'web', 'shop'])];
  const near = [...named.flatMap((value) => [`${value}X`, `X${value}`]), ...plausible, ''];
  const lists = tests.some(({ kind }) => kind === 'element')
    ? [
        {
          weight: 6,
          arbitrary: fc.array(fc.constantFrom(...named, ...near), { maxLength: 3 }).map((all) => all.join(',')),
        },
      ]
    : [];
  return fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...usual) },
    { weight: 2, arbitrary: fc.constant('') },
    { weight: 2, arbitrary: fc.constantFrom(...near) },
    { weight: 1, arbitrary: fc.constantFrom(...odd) },
    ...lists,
  );
}
