import { formatDuration } from '../../../domain/duration.js';
import { type Slo, sloId } from '../../../domain/slo.js';
import { packFor } from '../../../packs/load-packs.js';
import type { SignalPack } from '../../../packs/signal-pack.js';
import { shareValue } from '../alert-share.js';
import type { JudgedAlike } from '../burn-step-rules.js';
import { objectiveSeries } from '../objectives-file.js';
import type { RuleSetParts } from '../rule-set.js';
import { burnStep, objective } from '../series-names.js';
import { type Sli, sliOf } from '../sli.js';
import {
  type AlertStory,
  busyStories,
  healthy,
  outage,
  shortStory,
  usualStories,
  windowStories,
} from './alert-stories.js';
import { type Examples, exampleSeries, seriesText } from './example-series.js';
import { alertAt, matchersText, type Moment, type PromtoolTest } from './promtool-file.js';
import { ended, type ExampleTarget, type InputSeries, storyInput, upInput } from './test-input.js';
import { counterValues, type Phase, scrapeSeconds, verdicts } from './test-story.js';

/** What happens to one service of a test, and what is asked of its alerts. */
interface Told {
  readonly input: InputSeries;
  readonly moments: readonly Moment[];
}

/** A service of a test: an SLO, and what its proxy prints. */
export interface SloStage {
  readonly kind: JudgedAlike;
  readonly parts: RuleSetParts;
  readonly slo: Slo;
  readonly sli: Sli;
  readonly pack: SignalPack;
  readonly target: ExampleTarget;
  readonly examples: Examples;
}

/**
 * The first of the SLOs that are judged alike.
 *
 * @returns undefined where no requests can be thought of for any of them
 */
export function sloStage(parts: RuleSetParts, kept: readonly Slo[], kind: JudgedAlike): SloStage | undefined {
  for (const slo of kept.filter((one) => isOf(one, kind))) {
    const stage = stageOf({ parts, kind }, slo, 'example');
    if (stage !== undefined) return stage;
  }
  return undefined;
}

/**
 * A test of the alerts of SLOs that are judged alike: of the first of them an outage begins, and beside it each story is told of
 * a service that is named for it, with the same promise. All at once: what promtool's time goes into is minutes, not series.
 *
 * @param stories none where others show already when such alerts fire
 */
export function sloAlertTest(real: SloStage, stories: 'all' | 'window' | 'none'): PromtoolTest {
  const { slo, kind } = real;
  const told = {
    all: [...usualStories, ...busyStories(kind.policy, slo.objective, kind.windowSeconds)],
    window: windowStories,
    none: [],
  }[stories];
  const beside = (name: string, tell: (stage: SloStage) => Told): readonly Told[] => {
    const stage = besides(real, name);
    if (stage === undefined) return [];
    const { input, moments } = tell(stage);
    return [{ input: [promised(stage.slo, longestScrapes), ...input], moments }];
  };
  const all = [
    burning(real, shortStory),
    ...told.flatMap((story) => beside(story.name, (stage) => burning(stage, story))),
    ...ownStories.flatMap(({ name, tell }) => beside(name, tell)),
  ];
  const over = formatDuration(kind.windowSeconds);
  return {
    name: `${sloId(slo)} (tier ${slo.tier}, policy ${slo.alerts.policy}, ${over}), and services like it, each named for what happens to it`,
    interval: `${scrapeSeconds}s`,
    input_series: all.flatMap(({ input }) => input),
    promql_expr_test: all.flatMap(({ moments }) => moments),
  };
}

function isOf({ alerts, window, ...slo }: Slo, { share, policy, windowSeconds }: JudgedAlike): boolean {
  const isOfShare = shareValue({ ...slo, alerts, window }, share.by) === share.value;
  return isOfShare && alerts.policy === policy.name && window.kind === 'rolling' && window.seconds === windowSeconds;
}

/** A service that is named for what happens to it, with the same promise; undefined where no requests can be thought of. */
export function besides(real: SloStage, name: string): SloStage | undefined {
  const service = { ...real.slo.service, name: slug(name) };
  return stageOf(real, { ...real.slo, service }, service.name);
}

/** Undefined where no requests can be thought of. */
function stageOf({ parts, kind }: Pick<SloStage, 'parts' | 'kind'>, slo: Slo, instance: string): SloStage | undefined {
  const pack = packFor(parts.packs, slo.mesh!);
  const target = { job: 'example', instance };
  const sli = sliOf(slo)!;
  const examples = pack && exampleSeries(sli, slo.service, pack, target, parts.settings);
  return pack && examples && { parts, kind, slo, sli, pack, target, examples };
}

/** The name of a service that is named for a story. */
export function slug(story: string): string {
  return story
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

/** The promise of a service of a test, for so many scrapes. */
export function promised(slo: Slo, scrapes: number): InputSeries[number] {
  return { series: seriesText(objective, objectiveSeries(slo)), values: `${slo.objective}x${scrapes}` };
}

/** A story that is longer would forget its promise: two hours. */
const longestScrapes = 480;

function burning({ parts, slo, pack, target, examples }: SloStage, { phases, active }: AlertStory): Told {
  const policy = parts.policies.get(slo.alerts.policy)!;
  const said = verdicts(phases, slo, policy, parts.settings.delaySeconds);
  const moments = (['page', 'ticket'] as const).flatMap((severity) => {
    const alert = severity === 'page' ? 'ErrorBudgetBurnFast' : 'ErrorBudgetBurnSlow';
    const fires = said.map((verdict) => verdict[severity]);
    const changes = fires.flatMap((is, index) => (index > 0 && is !== fires[index - 1] ? [index - 1, index] : []));
    return [...new Set([...changes, fires.length - 1])].map((index) =>
      alertAt(alert, alertLabels(slo), index + 1, fires[index]!),
    );
  });
  const steps = active === undefined || !slo.alerts.pages ? [] : [stepAt(slo, active)];
  return { input: storyInput(pack, target, examples, phases), moments: [...moments, ...steps] };
}

function stepAt(slo: Slo, { step, minute }: NonNullable<AlertStory['active']>): Moment {
  const selector = `${burnStep}${matchersText({ ...alertLabels(slo), step })}`;
  return {
    expr: `count by (step) (${selector})`,
    eval_time: `${minute}m`,
    exp_samples: [{ labels: matchersText({ step }), value: 1 }],
  };
}

/** What is about data, not about burning. */
const ownStories: readonly { readonly name: string; readonly tell: (stage: SloStage) => Told }[] = [
  {
    name: 'its series end',
    tell: ({ parts, slo, pack, target, examples }) => {
      const lastDelta = 15 + Math.ceil(parts.settings.delaySeconds / 60);
      return {
        input: ended(storyInput(pack, target, examples, [healthy(15)])),
        moments: [
          alertAt('SliDataMissing', alertLabels(slo), 14, false),
          alertAt('SliDataMissing', alertLabels(slo), lastDelta + 5, false),
          alertAt('SliDataMissing', alertLabels(slo), lastDelta + 12, true),
        ],
      };
    },
  },
  {
    name: 'everything fails, and the budget is spent',
    tell: ({ slo, pack, target, examples }) => ({
      input: storyInput(pack, target, examples, [{ ...outage(10), bad: allowingOne(slo) }]),
      moments: [alertAt('ErrorBudgetExhausted', alertLabels(slo), 9, true)],
    }),
  },
  {
    name: 'nothing fails',
    tell: ({ slo, pack, target, examples }) => ({
      input: [...storyInput(pack, target, examples, [healthy(15)]), ...upInput(target, '1x60')],
      moments: (['ErrorBudgetExhausted', 'SliDataMissing', 'CoverageLow'] as const).map((alert) =>
        alertAt(alert, alertLabels(slo), 14, false),
      ),
    }),
  },
  { name: 'its proxy is listed, but answers no more', tell: lost },
];

/** So many requests in every scrape that the objective allows one of those of two minutes, and fifteen at least. */
function allowingOne({ objective: promise }: Slo): number {
  const scrapes = 120 / scrapeSeconds;
  return Math.max(outage(1).bad, Math.ceil(1 / (1 - promise) / scrapes));
}

function lost({ parts, slo, sli, pack, target, examples }: SloStage): Told {
  if (slo.perspective !== 'server') return { input: [], moments: [] };
  const phases: readonly Phase[] = [healthy(15)];
  const { cluster, namespace, name } = slo.service;
  const ofService = { cluster, namespace, service: name, ...(slo.owner !== undefined && { owner: slo.owner }) };
  const input = ended(storyInput(pack, target, examples, phases));
  // Availability is what shows that a target carries a service.
  const requests: Sli = { ...sli, indicator: { kind: 'availability' }, filter: {} };
  const known = new Set(input.map(({ series }) => series));
  const carrying = (exampleSeries(requests, slo.service, pack, target, parts.settings)?.good ?? [])
    .filter((series) => !known.has(series))
    .map((series) => ({ series, values: counterValues(phases, 'good') }));
  return {
    input: [...input, ...upInput(target, '1x60 0x60'), ...ended(carrying)],
    moments: [
      alertAt('ScrapeTargetLost', ofService, 17, false),
      alertAt('ScrapeTargetLost', ofService, 27, true),
      alertAt('CoverageLow', alertLabels(slo), 27, false),
    ],
  };
}

/** The labels of an alert of an SLO. */
export function alertLabels({
  service: { cluster, namespace, name },
  name: slo,
  owner,
}: Slo): Readonly<Record<string, string>> {
  return { cluster, namespace, service: name, slo, ...(owner !== undefined && { owner }) };
}
