import type { Slo } from '../../domain/slo.js';
import { sloId } from '../../domain/slo.js';
import { encodePart, serviceKey } from '../../domain/service-id.js';
import { packFor } from '../../packs/load-packs.js';
import { unitsPerSecond } from '../../packs/signal-pack.js';
import type { SignalPack } from '../../packs/signal-pack.js';
import { type AlertStory, busyStories, healthy, outage, shortStory, usualStories } from './alert-stories.js';
import type { JudgedAlike } from './burn-step-rules.js';
import { callerLabels } from './dependency-calls.js';
import { dependencyFileName } from './dependency-file.js';
import { exampleSeries, namingLabels, seriesText } from './example-series.js';
import type { Examples } from './example-series.js';
import { isForRules } from './objectives-file.js';
import { type AlertShare, sharesOf, shareValue } from './alert-share.js';
import { alertAt, matchersText, type Moment, promtoolFile, type PromtoolTest } from './promtool-file.js';
import type { RuleFile } from './rule-file.js';
import { alertsFileName, alertsFilePrefix, fileWord, judgedAlike, type RuleSetParts } from './rule-set.js';
import { burnStep } from './series-names.js';
import { sliName, sliOf } from './sli.js';
import { counterValues, type Phase, scrapeSeconds, verdicts } from './test-story.js';
import { watchFileName } from './watch-file.js';

/** Generated tests, by the name of their file. */
export type TestFiles = ReadonlyMap<string, string>;

/**
 * Unit tests of every alert, for `promtool test rules`: for one SLO of each tier or owner, policy and window. When an alert fires and
 * ends is what the embedded evaluator says of the same events, minute by minute; the tests look at the minutes of change.
 *
 * Each file loads the rules that it is about. Whole stories are told once for each policy and window: shares differ by nothing
 * but their name.
 */
export function ruleTests(parts: RuleSetParts, files: readonly RuleFile[]): TestFiles {
  const kept = parts.slos.filter(isForRules).sort((a, b) => (sloId(a) < sloId(b) ? -1 : 1));
  const loaded = (name: (fileName: string) => boolean): readonly RuleFile[] => files.filter((file) => name(file.name));
  const isAlerts = (name: string): boolean => name.startsWith(alertsFilePrefix);
  const told = new Set<string>();
  const perShare = sharesOf(kept, parts.settings.alertFiles).map((share): [string, string] => {
    const rules = loaded((name) => name === alertsFileName(share) || !(isAlerts(name) || name === dependencyFileName));
    return [
      `${testsName}-alerts-${fileWord(share.value)}.yaml`,
      promtoolFile(rules, shareTests(parts, kept, share, told)),
    ];
  });
  const reach = reachTests(parts, kept);
  return new Map([
    ...perShare,
    ...(reach.length === 0
      ? []
      : [
          [
            `${testsName}-dependencies.yaml`,
            promtoolFile(
              loaded((name) => name !== watchFileName),
              reach,
            ),
          ] as const,
        ]),
    [
      `${testsName}-watch.yaml`,
      promtoolFile(
        loaded((name) => name === watchFileName),
        [watchTest(parts)],
      ),
    ],
  ]);
}

/** What the names of test files begin with. */
const testsName = 'promtool-tests';

/** @param told the combinations of policy and window whose stories were told before; this adds its own */
function shareTests(
  parts: RuleSetParts,
  kept: readonly Slo[],
  share: AlertShare,
  told: Set<string>,
): readonly PromtoolTest[] {
  const { policies } = parts;
  const alike = judgedAlike(kept, policies, share.by).filter((one) => one.share.value === share.value);
  return alike.flatMap(({ policy, windowSeconds }) => {
    const stage = stageOf(parts, kept, { share, policy, windowSeconds });
    if (stage === undefined) return [];
    const key = JSON.stringify([policy.name, windowSeconds]);
    const stories = told.has(key)
      ? [shortStory]
      : [...usualStories, ...busyStories(policy, stage.slo.objective, windowSeconds)];
    told.add(key);
    return [...stories.map((story) => burnTest(stage, story)), ...ownTests(stage)];
  });
}

/** The first SLO of a kind for which requests can be thought of. */
function stageOf(parts: RuleSetParts, kept: readonly Slo[], kind: JudgedAlike): Stage | undefined {
  for (const slo of kept) {
    const { alerts, window } = slo;
    const isAlike =
      shareValue(slo, kind.share.by) === kind.share.value &&
      alerts.policy === kind.policy.name &&
      window.kind === 'rolling';
    if (!isAlike || window.seconds !== kind.windowSeconds) continue;
    const pack = packFor(parts.packs, slo.mesh!);
    const examples = pack && exampleSeries(sliOf(slo)!, slo.service, pack, oneTarget, parts.settings);
    if (pack !== undefined && examples !== undefined) return { parts, slo, pack, examples };
  }
  return undefined;
}

interface Stage {
  readonly parts: RuleSetParts;
  readonly slo: Slo;
  readonly pack: SignalPack;
  readonly examples: Examples;
}

const oneTarget = { job: 'example', instance: '10.0.0.1:15090' };

function burnTest({ parts, slo, pack, examples }: Stage, { name, phases, active }: AlertStory): PromtoolTest {
  const policy = parts.policies.get(slo.alerts.policy)!;
  const said = verdicts(phases, slo, policy, parts.settings.delaySeconds);
  const moments = (['page', 'ticket'] as const).flatMap((severity) => {
    const alert = severity === 'page' ? 'ErrorBudgetBurnFast' : 'ErrorBudgetBurnSlow';
    const fires = said.map((verdict) => verdict[severity]);
    const changes = fires.flatMap((is, index) => (index > 0 && is !== fires[index - 1] ? [index - 1, index] : []));
    return [...new Set([...changes, fires.length - 1])].map((index) =>
      alertAt(alert, sloLabels(slo), index + 1, fires[index]!),
    );
  });
  const steps = active === undefined || !slo.alerts.pages ? [] : [stepAt(slo, active)];
  return {
    ...titled(slo, name),
    input_series: inputOf(pack, examples, phases),
    promql_expr_test: [...moments, ...steps],
  };
}

function stepAt(slo: Slo, { step, minute }: NonNullable<AlertStory['active']>): Moment {
  const selector = `${burnStep}${matchersText({ ...sloLabels(slo), step })}`;
  return {
    expr: `count by (step) (${selector})`,
    eval_time: `${minute}m`,
    exp_samples: [{ labels: matchersText({ step }), value: 1 }],
  };
}

/** What is about data, not about burning. */
function ownTests({ parts, slo, pack, examples }: Stage): readonly PromtoolTest[] {
  const { settings } = parts;
  const phases = [healthy(15)];
  const ended = inputOf(pack, examples, phases).map(({ series, values }) => ({ series, values: `${values} stale` }));
  const spent = [outage(10)];
  const lastDelta = 15 + Math.ceil(settings.delaySeconds / 60);
  const missing: PromtoolTest = {
    ...titled(slo, 'its series end'),
    input_series: ended,
    promql_expr_test: [
      alertAt('SliDataMissing', sloLabels(slo), 14, false),
      alertAt('SliDataMissing', sloLabels(slo), lastDelta + 5, false),
      alertAt('SliDataMissing', sloLabels(slo), lastDelta + 12, true),
    ],
  };
  const exhausted: PromtoolTest = {
    ...titled(slo, 'everything fails, and the budget is spent'),
    input_series: inputOf(pack, examples, spent),
    promql_expr_test: [alertAt('ErrorBudgetExhausted', sloLabels(slo), 9, true)],
  };
  const well: PromtoolTest = {
    ...titled(slo, 'nothing fails'),
    input_series: [...inputOf(pack, examples, phases), upSeries('1x60')],
    promql_expr_test: (['ErrorBudgetExhausted', 'SliDataMissing', 'CoverageLow'] as const).map((alert) =>
      alertAt(alert, sloLabels(slo), 14, false),
    ),
  };
  if (slo.perspective !== 'server') return [missing, exhausted, well];
  const { cluster, namespace, name } = slo.service;
  const owned = slo.owner === undefined ? {} : { owner: slo.owner };
  // Availability is what shows that a target carries a service.
  const requests = { ...sliOf(slo)!, indicator: { kind: 'availability' }, filter: {} } as const;
  const known = new Set(ended.map(({ series }) => series));
  const carrying = (exampleSeries(requests, slo.service, pack, oneTarget, settings)?.good ?? [])
    .filter((series) => !known.has(series))
    .map((series) => ({ series, values: `${counterValues(phases, 'good')} stale` }));
  const lost: PromtoolTest = {
    ...titled(slo, 'its proxy is listed, but answers no more'),
    input_series: [...ended, upSeries('1x60 0x60'), ...carrying],
    promql_expr_test: [
      alertAt('ScrapeTargetLost', { cluster, namespace, service: name, ...owned }, 17, false),
      alertAt('ScrapeTargetLost', { cluster, namespace, service: name, ...owned }, 27, true),
      alertAt('CoverageLow', sloLabels(slo), 16, false),
      alertAt('CoverageLow', sloLabels(slo), 27, true),
    ],
  };
  return [missing, exhausted, well, lost];
}

/** A service and what it calls, both failing, or one of them: only together the objective is out of reach. */
function reachTests({ packs, settings }: RuleSetParts, kept: readonly Slo[]): readonly PromtoolTest[] {
  const whole = kept.filter((slo) => sliName(sliOf(slo)!) === `${encodePart(slo.mesh!)}/server`);
  const [slo] = whole;
  const pack = slo && packFor(packs, slo.mesh!);
  const caller = pack && callerLabels(pack);
  if (slo === undefined || pack === undefined || caller === undefined) return [];
  const other = whole.find(({ service }) => serviceKey(service) !== serviceKey(slo.service)) ?? slo;
  const names = namingLabels(caller, slo.service, settings);
  const own = exampleSeries(sliOf(slo)!, slo.service, pack, oneTarget, settings);
  const calledSli = { ...sliOf(other)!, perspective: 'client' } as const;
  const calls = names && exampleSeries(calledSli, other.service, pack, { ...oneTarget, ...names }, settings);
  if (own === undefined || calls === undefined) return [];
  const strictest = Math.max(
    ...whole
      .filter(({ service }) => serviceKey(service) === serviceKey(other.service))
      .map(({ objective }) => objective),
  );
  // Twice the calls that it takes, of 15 requests in each scrape.
  const often = Math.ceil((30 * (1 - slo.objective)) / (1 - strictest));
  const story = (name: string, [itself, called]: readonly [Phase, Phase], fires: boolean): PromtoolTest => ({
    ...titled(slo, name),
    input_series: [
      ...inputOf(pack, own, [itself]),
      ...calls.good.map((series) => ({ series, values: counterValues([called], 'good') })),
      ...calls.bad.map((series) => ({ series, values: counterValues([called], 'bad') })),
    ],
    promql_expr_test: [alertAt('ObjectiveOutOfReach', sloLabels(slo), 20, fires)],
  });
  const failing: Phase = { ...healthy(21), good: 0, bad: often };
  const well: Phase = { ...failing, good: often, bad: 0 };
  return [
    story('it fails, and so does what it calls', [outage(21), failing], true),
    story('it fails by itself', [outage(21), well], false),
    story('it does well without what it calls', [healthy(21), failing], false),
  ];
}

function watchTest({ settings: { cluster } }: RuleSetParts): PromtoolTest {
  const failures = seriesText('prometheus_rule_evaluation_failures_total', {
    rule_group: '/etc/prometheus/meshslo-recording.yaml;meshslo:minute',
  });
  return {
    name: 'the rules themselves: evaluations fail from the tenth minute on',
    interval: '15s',
    input_series: [{ series: failures, values: '0x39 1+1x160' }],
    promql_expr_test: [
      alertAt('MeshsloWatchdog', { cluster, watcher: 'prometheus' }, 1, true),
      alertAt('MeshsloRulesFailing', { cluster }, 20, false),
      alertAt('MeshsloRulesFailing', { cluster }, 30, true),
    ],
  };
}

function titled(slo: Slo, story: string): Pick<PromtoolTest, 'name' | 'interval'> {
  return {
    name: `${sloId(slo)} (tier ${slo.tier}, policy ${slo.alerts.policy}): ${story}`,
    interval: `${scrapeSeconds}s`,
  };
}

function sloLabels({ service: { cluster, namespace, name }, name: slo, owner }: Slo): Readonly<Record<string, string>> {
  return { cluster, namespace, service: name, slo, ...(owner !== undefined && { owner }) };
}

function inputOf(pack: SignalPack, { good, bad }: Examples, phases: readonly Phase[]): PromtoolTest['input_series'] {
  const scrapes = phases.reduce((sum, phase) => sum + phase.scrapes, 0);
  const { uptime, startTimeSeconds } = pack.process;
  const age = uptime?.family ?? startTimeSeconds;
  const values = uptime === undefined ? `0x${scrapes}` : `0+${scrapeSeconds * unitsPerSecond[uptime.unit]}x${scrapes}`;
  return [
    ...(age === undefined ? [] : [{ series: seriesText(age, oneTarget), values }]),
    ...good.map((series) => ({ series, values: counterValues(phases, 'good') })),
    ...bad.map((series) => ({ series, values: counterValues(phases, 'bad') })),
  ];
}

function upSeries(values: string): PromtoolTest['input_series'][number] {
  return { series: seriesText('up', oneTarget), values };
}
