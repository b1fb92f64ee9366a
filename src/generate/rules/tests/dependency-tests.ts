import { encodePart, serviceKey } from '../../../domain/service-id.js';
import type { Slo } from '../../../domain/slo.js';
import { packFor } from '../../../packs/load-packs.js';
import { callerLabels } from '../dependency-calls.js';
import type { RuleSetParts } from '../rule-set.js';
import { sliName, sliOf } from '../sli.js';
import { healthy, outage } from './alert-stories.js';
import { exampleSeries, namingLabels } from './example-series.js';
import { alertAt, type PromtoolTest } from './promtool-file.js';
import { alertLabels } from './slo-alert-tests.js';
import { storyInput } from './test-input.js';
import { counterValues, type Phase, scrapeSeconds } from './test-story.js';

const target = { job: 'example', instance: '10.0.0.1:15090' };

interface DependencyTests {
  /** Whose promises are held against each other. */
  readonly about: readonly Slo[];
  readonly tests: readonly PromtoolTest[];
}

/** A service and what it calls, both failing, or one of them: only together the objective is out of reach. */
export function dependencyTests({ packs, settings }: RuleSetParts, kept: readonly Slo[]): DependencyTests {
  const whole = kept.filter((slo) => sliName(sliOf(slo)!) === `${encodePart(slo.mesh!)}/server`);
  const [slo] = whole;
  const pack = slo && packFor(packs, slo.mesh!);
  const caller = pack && callerLabels(pack);
  if (slo === undefined || pack === undefined || caller === undefined) return none;
  const other = whole.find(({ service }) => serviceKey(service) !== serviceKey(slo.service)) ?? slo;
  const names = namingLabels(caller, slo.service, settings);
  const own = exampleSeries(sliOf(slo)!, slo.service, pack, target, settings);
  const calledSli = { ...sliOf(other)!, perspective: 'client' } as const;
  const calls = names && exampleSeries(calledSli, other.service, pack, { ...target, ...names }, settings);
  if (own === undefined || calls === undefined) return none;
  const strictest = Math.max(
    ...whole
      .filter(({ service }) => serviceKey(service) === serviceKey(other.service))
      .map(({ objective }) => objective),
  );
  // Twice the calls that it takes, of 15 requests in each scrape.
  const often = Math.ceil((30 * (1 - slo.objective)) / (1 - strictest));
  const story = (name: string, [itself, called]: readonly [Phase, Phase], fires: boolean): PromtoolTest => ({
    name: `ObjectiveOutOfReach: ${name}`,
    interval: `${scrapeSeconds}s`,
    input_series: [
      ...storyInput(pack, target, own, [itself]),
      ...calls.good.map((series) => ({ series, values: counterValues([called], 'good') })),
      ...calls.bad.map((series) => ({ series, values: counterValues([called], 'bad') })),
    ],
    promql_expr_test: [alertAt('ObjectiveOutOfReach', alertLabels(slo), minutes - 1, fires)],
  });
  const failing: Phase = { ...healthy(minutes), good: 0, bad: often };
  const well: Phase = { ...failing, good: often, bad: 0 };
  const tests = [
    story('it fails, and so does what it calls', [outage(minutes), failing], true),
    story('it fails by itself', [outage(minutes), well], false),
    story('it does well without what it calls', [healthy(minutes), failing], false),
    story('nobody calls anybody', [idle, idle], false),
  ];
  return { about: [slo, other], tests };
}

const none: DependencyTests = { about: [], tests: [] };

/** Long enough for the calls of a quarter of an hour. */
const minutes = 17;

const idle: Phase = { ...healthy(minutes), good: 0, bad: 0 };
