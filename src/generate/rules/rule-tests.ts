import { Document } from 'yaml';
import { type AlertName, alertSeverities } from '../../domain/alert-names.js';
import type { Slo } from '../../domain/slo.js';
import { sloId } from '../../domain/slo.js';
import { encodePart, serviceKey } from '../../domain/service-id.js';
import { packFor } from '../../packs/load-packs.js';
import { unitsPerSecond } from '../../packs/signal-pack.js';
import type { SignalPack } from '../../packs/signal-pack.js';
import { quoteString } from '../../promql/escaping.js';
import { callerLabels } from './dependency-calls.js';
import { exampleSeries, namingLabels, seriesText } from './example-series.js';
import type { Examples } from './example-series.js';
import { isForRules } from './objectives-file.js';
import type { RuleFile } from './rule-file.js';
import type { RuleSetParts } from './rule-set.js';
import { ruleFileName } from './rule-yaml.js';
import { judgedAlike } from './rule-set.js';
import { sliName, sliOf } from './sli.js';
import { counterValues, type Phase, scrapeSeconds, verdicts } from './test-story.js';

/** A test as promtool reads it. */
interface PromtoolTest {
  readonly name: string;
  readonly interval: string;
  readonly input_series: readonly { readonly series: string; readonly values: string }[];
  readonly promql_expr_test: readonly Moment[];
}

/** Whether an alert fires at a moment. */
interface Moment {
  readonly expr: string;
  readonly eval_time: string;
  readonly exp_samples: readonly { readonly labels: string; readonly value: number }[];
}

const scrapesIn = (minutes: number): number => (minutes * 60) / scrapeSeconds;

const healthy = (minutes: number): Phase => ({ scrapes: scrapesIn(minutes), good: 15, bad: 0 });
const outage = (minutes: number): Phase => ({ scrapes: scrapesIn(minutes), good: 0, bad: 15 });
const idle = (minutes: number): Phase => ({ scrapes: scrapesIn(minutes), good: 0, bad: 0 });
const limping = (minutes: number): Phase => ({ scrapes: scrapesIn(minutes), good: 14, bad: 1 });

/** One request in four: no evidence can be had of so few. */
const rare = (minutes: number): Phase => ({ scrapes: scrapesIn(minutes), good: 0, bad: 0.25 });

/** What happens to a service, a sentence each. */
const stories: ReadonlyMap<string, readonly Phase[]> = new Map([
  ['an outage of half an hour, and what comes after it', [healthy(10), outage(30), healthy(70)]],
  ['a minute in which everything fails', [healthy(15), outage(1), healthy(10)]],
  ['one request of fifteen fails', [healthy(5), limping(45), healthy(20)]],
  ['an outage that ends in silence', [healthy(5), outage(15), idle(70)]],
  ['a service that nobody calls', [idle(20)]],
  ['one failure a minute, of nothing else', [idle(5), rare(8), idle(10)]],
]);

/**
 * Unit tests of every alert, for `promtool test rules`: for one SLO of each tier, policy and window. When an alert fires and
 * ends is what the embedded evaluator says of the same events, minute by minute; the tests look at the minutes of change.
 */
export function ruleTests(parts: RuleSetParts, files: readonly RuleFile[]): string {
  const { policies, packs, settings } = parts;
  const kept = parts.slos.filter(isForRules).sort((a, b) => (sloId(a) < sloId(b) ? -1 : 1));
  const tests = judgedAlike(kept, policies).flatMap(({ tier, policy, windowSeconds }) => {
    for (const slo of kept) {
      const isAlike = slo.tier === tier && slo.alerts.policy === policy.name && slo.window.kind === 'rolling';
      if (!isAlike || (slo.window as { readonly seconds: number }).seconds !== windowSeconds) continue;
      const pack = packFor(packs, slo.mesh!);
      const examples = pack && exampleSeries(sliOf(slo)!, slo.service, pack, oneTarget, settings);
      if (pack === undefined || examples === undefined) continue;
      const stage: Stage = { parts, slo, pack, examples };
      return [...[...stories].map(([name, phases]) => burnTest(stage, name, phases)), ...ownTests(stage)];
    }
    return [];
  });
  const document = new Document({
    rule_files: files.map(ruleFileName),
    evaluation_interval: '1m',
    // What others read goes first; without an order promtool takes any.
    group_eval_order: files.flatMap(({ groups }) => groups.map(({ name }) => name)),
    tests: [...tests, ...reachTests(parts, kept), watchTest(parts)],
  });
  document.commentBefore = [
    ' Made by meshslo generate: changes get lost with the next run. Run it with: promtool test rules FILE',
    ' promtool evaluates every group each minute, so budgets are counted five times over here; their ratios are right.',
  ].join('\n');
  return document.toString({ lineWidth: 0 });
}

interface Stage {
  readonly parts: RuleSetParts;
  readonly slo: Slo;
  readonly pack: SignalPack;
  readonly examples: Examples;
}

const oneTarget = { job: 'example', instance: '10.0.0.1:15090' };

function burnTest({ parts, slo, pack, examples }: Stage, name: string, phases: readonly Phase[]): PromtoolTest {
  const policy = parts.policies.get(slo.alerts.policy)!;
  const said = verdicts(phases, slo, policy, parts.settings.delaySeconds);
  const moments = (['page', 'ticket'] as const).flatMap((severity) => {
    const alert = severity === 'page' ? 'ErrorBudgetBurnFast' : 'ErrorBudgetBurnSlow';
    const fires = said.map((verdict) => verdict[severity]);
    const changes = fires.flatMap((is, index) => (index > 0 && is !== fires[index - 1] ? [index - 1, index] : []));
    return [...new Set([...changes, fires.length - 1])].map((index) =>
      moment(alert, sloLabels(slo), index + 1, fires[index]!),
    );
  });
  return { ...titled(slo, name), input_series: inputOf(pack, examples, phases), promql_expr_test: moments };
}

/** What is about data, not about burning. */
function ownTests({ parts, slo, pack, examples }: Stage): readonly PromtoolTest[] {
  const { settings } = parts;
  const phases = [healthy(40)];
  const ended = inputOf(pack, examples, phases).map(({ series, values }) => ({ series, values: `${values} stale` }));
  const spent = [outage(10)];
  const lastDelta = 40 + Math.ceil(settings.delaySeconds / 60);
  const missing: PromtoolTest = {
    ...titled(slo, 'its series end'),
    input_series: ended,
    promql_expr_test: [
      moment('SliDataMissing', sloLabels(slo), 39, false),
      moment('SliDataMissing', sloLabels(slo), lastDelta + 5, false),
      moment('SliDataMissing', sloLabels(slo), lastDelta + 12, true),
    ],
  };
  const exhausted: PromtoolTest = {
    ...titled(slo, 'everything fails, and the budget is spent'),
    input_series: inputOf(pack, examples, spent),
    promql_expr_test: [moment('ErrorBudgetExhausted', sloLabels(slo), 9, true)],
  };
  const well: PromtoolTest = {
    ...titled(slo, 'nothing fails'),
    input_series: [...inputOf(pack, examples, phases), upSeries('1x160')],
    promql_expr_test: (['ErrorBudgetExhausted', 'SliDataMissing', 'CoverageLow'] as const).map((alert) =>
      moment(alert, sloLabels(slo), 39, false),
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
    input_series: [...ended, upSeries('1x40 0x160'), ...carrying],
    promql_expr_test: [
      moment('ScrapeTargetLost', { cluster, namespace, service: name, ...owned }, 12, false),
      moment('ScrapeTargetLost', { cluster, namespace, service: name, ...owned }, 22, true),
      moment('CoverageLow', sloLabels(slo), 11, false),
      moment('CoverageLow', sloLabels(slo), 30, true),
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
    promql_expr_test: [moment('ObjectiveOutOfReach', sloLabels(slo), 20, fires)],
  });
  const failing: Phase = { scrapes: scrapesIn(25), good: 0, bad: often };
  const well: Phase = { ...failing, good: often, bad: 0 };
  return [
    story('it fails, and so does what it calls', [outage(25), failing], true),
    story('it fails by itself', [outage(25), well], false),
    story('it does well without what it calls', [healthy(25), failing], false),
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
      moment('MeshsloWatchdog', { cluster, watcher: 'prometheus' }, 1, true),
      moment('MeshsloRulesFailing', { cluster }, 20, false),
      moment('MeshsloRulesFailing', { cluster }, 30, true),
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

function moment(
  alertname: AlertName,
  labels: Readonly<Record<string, string>>,
  minute: number,
  fires: boolean,
): Moment {
  const all = { alertname, alertstate: 'firing', severity: alertSeverities[alertname], ...labels };
  const matchers = Object.entries(all).map(([name, value]) => `${name}=${quoteString(value)}`);
  return {
    expr: `ALERTS{${matchers.join(',')}}`,
    eval_time: `${minute}m`,
    exp_samples: fires ? [{ labels: seriesText('ALERTS', all), value: 1 }] : [],
  };
}
