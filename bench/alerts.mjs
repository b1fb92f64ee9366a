/** Alert policies on simulated traffic: how soon they page, how often for nothing, and how soon it is over. */
import { loadAlertPolicies } from '../dist/packs/load-alert-policies.js';
import { google, isTrue, meshsloRule, objective, pyrra } from './alert-rules.mjs';
import { binSeconds, drawTraffic, randomOf } from './alert-traffic.mjs';
import { median, show } from './table.mjs';

const [minute, hour, day] = [60, 3600, 86_400];
const allowed = 1 - objective;

const { policies } = loadAlertPolicies();
const minuteBins = minute / binSeconds;
const standard = policies.get('standard');
const rules = { standard: meshsloRule(standard), google, pyrra };
const names = Object.keys(rules);

/** What does without looks at the open minute, as generated rules do; and Google's steps by meshslo's own evaluator. */
const rulesToPage = {
  ...rules,
  'standard, rules': meshsloRule(standard, { early: false }),
  'google, meshslo': meshsloRule(policies.get('workbook')),
};
const namesToPage = Object.keys(rulesToPage);

const calmBefore = 7 * hour;

export function bench({ json, runs = 100, months = 20 }) {
  const figures = {
    toPage: timesToPage(runs),
    toTicket: timesToTicket(Math.ceil(runs / 5)),
    false: falseAlarms(months),
    reset: resets(runs),
  };
  if (json) {
    console.log(JSON.stringify(figures, undefined, 2));
    return;
  }
  const spread = ({ median: middle, low, high }) =>
    middle === undefined ? '-' : `${one(middle)} (${one(low)}-${one(high)})`;
  show({
    title: `Minutes from the start of an incident to the page: median (5th to 95th percentile) of ${runs} runs`,
    columns: ['errors', 'req/s', ...namesToPage],
    rows: figures.toPage.map((row) => [row.errors, row.rate, ...namesToPage.map((name) => spread(row[name]))]),
  });
  show({
    title: `Minutes from the start of an incident to the ticket: the same, of ${Math.ceil(runs / 5)} runs`,
    columns: ['errors', 'req/s', ...namesToPage],
    rows: figures.toTicket.map((row) => [row.errors, row.rate, ...namesToPage.map((name) => spread(row[name]))]),
  });
  show({
    title: `Pages and tickets a month, of ${months} months of one service: false pages / all pages / tickets`,
    columns: ['traffic', 'req/s', ...names],
    rows: figures.false.map((row) => [
      row.traffic,
      row.rate,
      ...names.map((name) => `${two(row[name].falsePages)} / ${two(row[name].pages)} / ${two(row[name].tickets)}`),
    ]),
  });
  show({
    title: `After the incident: minutes until the page is over, and pages for one incident (${runs} runs)`,
    columns: ['incident', 'req/s', ...names],
    rows: figures.reset.map((row) => [
      row.incident,
      row.rate,
      ...names.map((name) => `${spread(row[name].reset)}, ${two(row[name].episodes)}`),
    ]),
  });
}

const one = (number) => (Number.isFinite(number) ? number.toFixed(number < 3 ? 2 : 1) : 'never');
const two = (number) => (number === 0 ? '0' : number.toFixed(2));

function timesToPage(runs) {
  return [0.01, 0.1, 1, 10, 100].flatMap((rate) =>
    [1, 0.5, 0.1, 0.02, 0.01].map((ratio) => timesTo('page', { rate, ratio, runs, calm: calmBefore, lasts: 5 * hour })),
  );
}

function timesToTicket(runs) {
  return [1, 100].flatMap((rate) =>
    [0.01, 0.005, 0.003, 0.0015].map((ratio) =>
      timesTo('ticket', { rate, ratio, runs, calm: 3 * day + hour, lasts: 4 * day }),
    ),
  );
}

/** Minutes from the start of an incident to the first page or ticket after it, of every rule. */
function timesTo(severity, { rate, ratio, runs, calm, lasts }) {
  const times = Object.fromEntries(namesToPage.map((name) => [name, []]));
  for (let run = 0; run < runs; run++) {
    const random = randomOf(1000 * run + 7);
    const from = calm + Math.floor(random() * 300);
    const troubles = [{ from, to: from + lasts, ratio }];
    const traffic = drawTraffic({ seconds: from + lasts, rate, base: allowed / 2, troubles, random });
    for (const name of namesToPage) {
      times[name].push(firstAlert(severity, rulesToPage[name], traffic, from) / minute);
    }
  }
  const spreads = namesToPage.map((name) => [name, spreadOf(times[name])]);
  return { errors: `${ratio * 100} %`, rate, ...Object.fromEntries(spreads) };
}

/** Seconds from the start of the incident to the first alert after it; Infinity for none. */
function firstAlert(severity, { everyBins, watch }, traffic, from) {
  const look = watch(traffic);
  const start = Math.floor((from - hour) / minute) * minuteBins;
  for (let end = start; end <= traffic.bins; end += everyBins) {
    if (look(end)[severity] && end * binSeconds > from) return end * binSeconds - from;
  }
  return Infinity;
}

function falseAlarms(months) {
  const rows = [];
  for (const rate of [0.01, 0.1, 1, 10, 100]) {
    rows.push(month('half of the budget', rate, months, { base: allowed / 2 }));
    rows.push(month('exactly the budget', rate, months, { base: allowed }));
    for (const ratio of [0.3, 0.5]) {
      rows.push(month(`a blip of 60 s at ${ratio * 100} % a day`, rate, months, { base: allowed / 2, ratio }));
    }
  }
  return rows;
}

function month(traffic, rate, months, { base, ratio }) {
  const counts = Object.fromEntries(names.map((name) => [name, { falsePages: 0, pages: 0, tickets: 0 }]));
  for (let run = 0; run < months; run++) {
    const random = randomOf(31 * run + 11);
    // Once a day, at the time of some job: two of them never share a window of hours.
    const timeOfDay = Math.floor(random() * (day - 2 * minute));
    const blips = Array.from({ length: ratio === undefined ? 0 : 30 }, (_, of) => {
      const from = of * day + timeOfDay;
      return { from, to: from + minute, ratio };
    });
    const drawn = drawTraffic({ seconds: 30 * day, rate, base, troubles: blips, random });
    for (const name of names) count(rules[name], drawn, counts[name]);
  }
  for (const each of Object.values(counts)) for (const key of Object.keys(each)) each[key] /= months;
  return { traffic, rate, ...counts };
}

function count({ everyBins, watch }, traffic, counts) {
  const look = watch(traffic);
  let before = {};
  for (let end = minuteBins; end <= traffic.bins; end += everyBins) {
    const now = look(end);
    if (now.page && !before.page) {
      counts.pages += 1;
      if (!isTrue(traffic, end, now.page)) counts.falsePages += 1;
    }
    if (now.ticket && !before.ticket) counts.tickets += 1;
    before = now;
  }
}

const incidents = [
  { incident: '10 min at 100 %', parts: [[0, 10, 1]] },
  { incident: '1 h at 10 %', parts: [[0, 60, 0.1]] },
  { incident: '2 h at 2 %', parts: [[0, 120, 0.02]] },
  {
    incident: '2 h flapping: 2 %, 10 min on, 10 min off',
    parts: [0, 20, 40, 60, 80, 100].map((at) => [at, at + 10, 0.02]),
  },
  {
    incident: '2 h flapping: 10 %, 5 min on, 10 min off',
    parts: [0, 15, 30, 45, 60, 75, 90, 105].map((at) => [at, at + 5, 0.1]),
  },
];

function resets(runs) {
  return incidents.flatMap(({ incident, parts }) =>
    [0.01, 0.1, 1, 10, 100].map((rate) => {
      const row = { incident, rate };
      const found = Object.fromEntries(names.map((name) => [name, { resets: [], episodes: 0 }]));
      for (let run = 0; run < runs; run++) {
        const random = randomOf(77 * run + 5);
        const from = calmBefore + Math.floor(random() * 300);
        const troubles = parts.map(([a, b, ratio]) => ({ from: from + a * minute, to: from + b * minute, ratio }));
        const over = troubles.at(-1).to;
        const traffic = drawTraffic({ seconds: over + 8 * hour, rate, base: allowed / 2, troubles, random });
        for (const name of names) {
          const { episodes, last } = episodesOf(rules[name], traffic, from);
          found[name].episodes += episodes;
          if (episodes > 0) found[name].resets.push(Math.max(0, last - over) / minute);
        }
      }
      for (const name of names) {
        row[name] = { reset: spreadOf(found[name].resets), episodes: found[name].episodes / runs };
      }
      return row;
    }),
  );
}

function episodesOf({ everyBins, watch }, traffic, from) {
  const look = watch(traffic);
  let [episodes, isFiring, last] = [0, false, 0];
  for (let end = Math.floor((from - hour) / minute) * minuteBins; end <= traffic.bins; end += everyBins) {
    const isNow = look(end).page !== undefined;
    if (isNow && !isFiring) episodes += 1;
    if (isFiring && !isNow) last = end * binSeconds;
    isFiring = isNow;
  }
  return { episodes, last };
}

function spreadOf(numbers) {
  if (numbers.length === 0) return {};
  const sorted = [...numbers].sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return { median: median(sorted), low: at(0.05), high: at(0.95) };
}
