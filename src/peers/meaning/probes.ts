import type { Verdict } from '../../domain/series-meaning.js';
import { holds, nameLabel } from '../../packs/condition.js';
import type { Condition } from '../../packs/condition.js';
import type { PackView, RequestClass, SignalPack } from '../../packs/signal-pack.js';
import { labelNames } from '../../packs/signal-pack.js';
import type { PeerEvents } from '../query/read-ratio.js';
import type { EventTerm } from '../query/counted-events.js';
import { familyPlace } from './family.js';
import { listedValues, passes, takes } from './label-values.js';

/** A request as a mesh could have counted it. */
export interface Probe {
  /** Place of its family in the pack. */
  readonly family: number;
  readonly labels: ReadonlyMap<string, string>;
  /** Whether it took longer than the threshold. */
  readonly isSlow: boolean;
}

/** What a query makes of a request; `unclear` for one that it counts twice, or calls bad without counting it. */
export type TheirVerdict = Verdict | 'unclear';

/** What a peer's queries make of a request of one pack. */
export function theirVerdict(pack: SignalPack, { total, bad }: PeerEvents, probe: Probe): TheirVerdict {
  const [all, failed] = [total, bad].map(({ terms }) => countIn(pack, terms, probe)) as [number, number];
  if (all === 0 && failed === 0) return 'left-out';
  if (all === 1 && (failed === 0 || failed === 1)) return failed === 1 ? 'bad' : 'good';
  return 'unclear';
}

/** How often signed terms count a request. */
export function countIn(pack: SignalPack, terms: readonly EventTerm[], { family, labels, isSlow }: Probe): number {
  return terms.reduce((count, term) => {
    const place = familyPlace(pack, term.metric);
    if (place?.index !== family || !takes(term, labels)) return count;
    const isTooFast = place.kind === 'bucket' && isSlow && !holdsAll(term);
    return isTooFast ? count : count + term.sign;
  }, 0);
}

function holdsAll({ matchers }: EventTerm): boolean {
  return matchers.filter(({ label }) => label === 'le').every((matcher) => passes(matcher, '+Inf'));
}

/** What meshslo makes of it through one view; with a threshold, slowness counts, too. */
export function ourVerdict(pack: SignalPack, view: PackView, probe: Probe, isLatency: boolean): Verdict {
  const metric = isLatency ? `${pack.latency!.families[probe.family]!}_count` : pack.requests.families[probe.family]!;
  const is = ({ label }: Condition): string => (label === nameLabel ? metric : (probe.labels.get(label) ?? ''));
  const allHold = (where: readonly Condition[]): boolean => where.every((one) => holds(one, is(one)));
  if (!allHold(view.where)) return 'left-out';
  const { verdict } = (isLatency ? view.latencyClasses : view.classes).find(({ where }) => allHold(where))!;
  if (!isLatency || !probe.isSlow) return verdict;
  return 'bad';
}

/** A label by which requests end differently, and the values it may have. */
export interface Dimension {
  readonly label: string;
  readonly kind: 'code' | 'code-class' | 'grpc' | 'flags' | 'other';
  readonly values: readonly string[];
}

const codes = Array.from({ length: 400 }, (_, index) => String(200 + index));
const codeClasses = ['1', '2', '3', '4', '5'];
const grpcCodes = Array.from({ length: 17 }, (_, code) => String(code));

/** The labels that classes of a view ask for, or by which the queries tell good from bad. */
export function dimensionsOf(
  pack: SignalPack,
  classes: readonly RequestClass[],
  terms: readonly EventTerm[],
): readonly Dimension[] {
  const { httpCode, grpcCode, flags } = pack.facts;
  const asked = classes.flatMap(({ where }) => where).filter(({ label }) => label !== nameLabel);
  const outcomes = [httpCode, grpcCode, flags].flatMap((choice) => (choice ? labelNames(choice) : []));
  const labels = new Set([
    ...asked.map(({ label }) => label),
    ...terms.flatMap(({ matchers }) => matchers.map(({ label }) => label)).filter((label) => outcomes.includes(label)),
  ]);
  return [...labels].map((label): Dimension => {
    const conditions = asked.filter((one) => one.label === label);
    const said = [...conditions.flatMap(exampleValues), ...terms.flatMap((term) => saidValues(term, label))];
    const isOf = (choice: typeof flags): boolean => choice !== undefined && labelNames(choice).includes(label);
    if (isOf(httpCode)) {
      const isClass =
        conditions.length > 0 && conditions.every((one) => exampleValues(one).every((v) => /^\d$/.test(v)));
      return isClass
        ? { label, kind: 'code-class', values: codeClasses }
        : { label, kind: 'code', values: [...(said.includes('0') ? ['0'] : []), ...codes] };
    }
    if (isOf(grpcCode)) return { label, kind: 'grpc', values: grpcCodes };
    return { label, kind: isOf(flags) ? 'flags' : 'other', values: [...new Set(said)] };
  });
}

function saidValues({ matchers }: EventTerm, label: string): readonly string[] {
  return matchers
    .filter((matcher) => matcher.label === label)
    .flatMap((matcher) => {
      const isPlain = matcher.operator === '=' || matcher.operator === '!=';
      return isPlain ? [matcher.value] : (listedValues({ ...matcher, operator: '=~' }) ?? []);
    });
}

/** Values that pass a condition's test, whether it is negated or not. */
export function exampleValues({ test }: Condition): readonly string[] {
  if (test.kind !== 'pattern') return test.values;
  const words = test.pattern.split(/[^\w-]+/);
  return [...words, '500', 'x'].filter((word) => test.expression.test(word)).slice(0, 3);
}
