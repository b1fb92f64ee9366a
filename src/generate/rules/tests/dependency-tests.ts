import { encodePart, serviceKey } from '../../../domain/service-id.js';
import { type Slo, sloId } from '../../../domain/slo.js';
import { packFor } from '../../../packs/load-packs.js';
import { callerLabels } from '../dependency-calls.js';
import type { RuleSetParts } from '../rule-set.js';
import { sliName, sliOf } from '../sli.js';
import { healthy, outage } from './alert-stories.js';
import { exampleSeries, namingLabels } from './example-series.js';
import { alertAt, type Moment, type PromtoolTest } from './promtool-file.js';
import { alertLabels, promised, slug } from './slo-alert-tests.js';
import { type InputSeries, storyInput } from './test-input.js';
import { counterValues, type Phase, scrapeSeconds } from './test-story.js';

interface DependencyTests {
  /** Whose promises are held against each other. */
  readonly about: readonly Slo[];
  readonly tests: readonly PromtoolTest[];
}

/**
 * A test of services and what each of them calls, both failing, or one of them: only together the objective is out of reach. The
 * first two are real ones, the others are named for their story.
 */
export function dependencyTests({ packs, settings }: RuleSetParts, kept: readonly Slo[]): DependencyTests {
  const whole = kept.filter((slo) => sliName(sliOf(slo)!) === `${encodePart(slo.mesh!)}/server`);
  const [slo] = whole;
  const pack = slo && packFor(packs, slo.mesh!);
  const caller = pack && callerLabels(pack);
  if (slo === undefined || pack === undefined || caller === undefined) return none;
  const other = whole.find(({ service }) => serviceKey(service) !== serviceKey(slo.service)) ?? slo;
  const strictest = strictestOf(
    whole.filter(({ service }) => serviceKey(service) === serviceKey(other.service)),
    other,
  );
  // Twice the calls that it takes, of 15 requests in each scrape.
  const often = Math.ceil((30 * (1 - slo.objective)) / (1 - strictest.objective));
  const failing: Phase = { ...healthy(minutes), good: 0, bad: often };
  const well: Phase = { ...failing, good: often, bad: 0 };
  const tell = (pair: Pair, [itself, called]: readonly [Phase, Phase], fires: boolean): readonly Told[] => {
    const target = { job: 'example', instance: slug(pair.name) };
    const names = namingLabels(caller, pair.service.service, settings);
    const own = exampleSeries(sliOf(pair.service)!, pair.service.service, pack, target, settings);
    const calledSli = { ...sliOf(pair.calls)!, perspective: 'client' } as const;
    const calls = names && exampleSeries(calledSli, pair.calls.service, pack, { ...target, ...names }, settings);
    if (own === undefined || calls === undefined) return [];
    const input = [
      ...pair.promises,
      ...storyInput(pack, target, own, [itself]),
      ...calls.good.map((series) => ({ series, values: counterValues([called], 'good') })),
      ...calls.bad.map((series) => ({ series, values: counterValues([called], 'bad') })),
    ];
    return [{ input, moment: alertAt('ObjectiveOutOfReach', alertLabels(pair.service), minutes - 1, fires) }];
  };
  const beside = (name: string): Pair => {
    const [service, calls] = [named(slo, name), named(strictest, `${name} calls`)];
    return { name, service, calls, promises: [service, calls].map((one) => promised(one, minutes * 4)) };
  };
  const real = tell({ name: 'both fail', service: slo, calls: other, promises: [] }, [outage(minutes), failing], true);
  if (real.length === 0) return none;
  const told = [
    ...real,
    ...tell(beside('it fails by itself'), [outage(minutes), well], false),
    ...tell(beside('it does well without what it calls'), [healthy(minutes), failing], false),
    ...tell(beside('nobody calls anybody'), [idle, idle], false),
  ];
  const test: PromtoolTest = {
    name: `ObjectiveOutOfReach: ${sloId(slo)} and what it calls fail, and services like it, each named for what happens to it`,
    interval: `${scrapeSeconds}s`,
    input_series: told.flatMap(({ input }) => input),
    promql_expr_test: told.map(({ moment }) => moment),
  };
  return { about: [slo, other, strictest], tests: [test] };
}

/** A service, and another one that it calls. */
interface Pair {
  readonly name: string;
  readonly service: Slo;
  readonly calls: Slo;
  /** What the rules do not know of. */
  readonly promises: InputSeries;
}

interface Told {
  readonly input: InputSeries;
  readonly moment: Moment;
}

function strictestOf(slos: readonly Slo[], first: Slo): Slo {
  return slos.reduce((a, b) => (b.objective > a.objective ? b : a), first);
}

function named(slo: Slo, name: string): Slo {
  return { ...slo, service: { ...slo.service, name: slug(name) } };
}

const none: DependencyTests = { about: [], tests: [] };

/** Long enough for the calls of a quarter of an hour. */
const minutes = 17;

const idle: Phase = { ...healthy(minutes), good: 0, bad: 0 };
