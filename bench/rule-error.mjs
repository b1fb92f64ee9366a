/** How far each design's answer is from the truth, over a whole window, for every class of traffic. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fleetRuleFiles } from './fleet-rule-set.mjs';
import { groupsOf, peerAnswers, pyrraRules, slothRules } from './peer-rules.mjs';
import { tellInTurn } from './telling.mjs';

const day = 86_400;
const availability = { perspective: 'server', kind: 'availability' };

/** Rows of `{ traffic, ours, oursOnVictoria, sloth, pyrra, pyrraPerformance }`, each off by so many percent of the budget. */
export async function measureErrors(tools, { folder, to, windowDays, callers, objective, victoria, say }) {
  const span = { from: to - (windowDays + 1) * day, to };
  const stories = tools.trafficClasses.map((traffic) => tools.storyOf(traffic, span, { callers }));
  const options = {
    boundsMs: [],
    slis: [availability],
    // Peers are given one selector for what is bad; a failure behind HTTP 200 needs a second one.
    endings: tools.endings.filter(({ grpcStatus }) => grpcStatus === ''),
  };
  const time = { ...span, cellSeconds: 15, scrapeSeconds: 60 };
  const times = { fromSeconds: span.from, toSeconds: to };
  const ours = fleetRuleFiles(stories, { windowDays, objective }).flatMap(tools.readRuleFile).map(countingRules);

  const storage = join(folder, 'error');
  const store = new tools.PrometheusStore(storage);
  const fleet = tellInTurn(tools, store, stories, time, options, { say });
  await store.settle();
  say(`${store.seriesCount} series, ${(store.samples / 1e6).toFixed(0)} M samples of ${windowDays + 1} days`);
  await tools.recordRules(store, ours, times, 'those that others read');
  say('recorded ours');
  const about = { windowDays, objective };
  const peers = stories.flatMap((story) => [
    slothRules(story, about)[0],
    // Read in steps of five minutes: what is recorded in between would change nothing.
    { ...pyrraRules(story, { ...about, performance: true })[0], intervalSeconds: 300 },
  ]);
  await tools.recordRules(store, groupsOf(peers), times);
  say('recorded those of peers');
  const rows = [];
  for (const { story, recorded, happened } of await judged(tools, store, fleet, to, windowDays)) {
    const truth = happened.bad / happened.total;
    const off = (ratio) => (100 * Math.abs(ratio - truth)) / (1 - objective);
    if (!(recorded.total > 0)) throw new Error(`${story.traffic}: our rules recorded no events`);
    const answers = peerAnswers(story, windowDays);
    const sloth = slothRules(story, about).find(({ record }) => record?.endsWith(`${windowDays}d`));
    const raw = pyrraRules(story, about)[0];
    const summed = pyrraRules(story, { ...about, performance: true })[1];
    rows.push({
      traffic: story.traffic,
      consumed: (100 * truth) / (1 - objective),
      ours: off(recorded.bad / recorded.total),
      events: recorded.total - happened.total,
      sloth: off(await valueOf(store, sloth.expr, to)),
      pyrra: off(await valueOf(store, inPlace(answers.pyrra, raw), to)),
      pyrraPerformance: off(await valueOf(store, inPlace(answers.pyrra, summed), to)),
    });
  }
  await store.close();
  rmSync(storage, { recursive: true });
  say('asked for every window');

  if (victoria) {
    const other = await tools.VictoriaStore.start(join(folder, 'error-victoria'));
    const told = tellInTurn(tools, other, stories, time, options, { say });
    await other.settle();
    await tools.recordRules(other, ours, times, 'those that others read');
    for (const { story, recorded, happened } of await judged(tools, other, told, to, windowDays)) {
      const difference = recorded.bad / recorded.total - happened.bad / happened.total;
      rows.find(({ traffic }) => traffic === story.traffic).oursOnVictoria =
        (100 * Math.abs(difference)) / (1 - objective);
    }
    await other.close();
    say('the same on VictoriaMetrics');
  }
  return rows;
}

/** What counts events, without what watches targets. */
function countingRules(group) {
  return {
    ...group,
    rules: group.rules.filter(({ record }) => /^(meshslo|service_sli|service_target|target):/.test(record ?? '')),
  };
}

function judged(tools, store, fleet, to, windowDays) {
  const sum = (kind) =>
    `sum_over_time(service_sli:${kind}:delta5m{sli="istio/server"}[${windowDays - 1}d23h59m59s999ms])`;
  // Five minutes are summed up of minutes that are written: the newest one is a minute old.
  const events = { total: sum('events'), bad: sum('bad_events'), delaySeconds: 75 };
  return tools.judge(store, fleet, 0, to, windowDays * day, events);
}

/** The answer with the rule's own expression where its recording would stand. */
function inPlace(answer, { record, expr }) {
  const filtered = (matcher) => expr.replaceAll(/response_flags!="DC"/g, `response_flags!="DC"${matcher}`);
  return answer.replaceAll(
    new RegExp(`sum\\(${record}\\{[^}]*?(,response_code=~"[^"]*")?\\}\\)`, 'g'),
    (_, matcher = '') =>
      expr.includes('response_flags') ? `sum(${filtered(matcher)})` : `sum(${expr.replace('"}[', `"${matcher}}[`)})`,
  );
}

async function valueOf(store, expression, at) {
  const [value] = await store.instant(expression, at);
  return value === undefined ? Number.NaN : value.value;
}
