/**
 * The shapes of other tools' rules for one availability SLO, written from their formulas.
 *
 * Nothing of them is copied: which windows, how they are combined, and how often they are evaluated is what is compared.
 */
const minute = 60;

const slothWindows = ['5m', '30m', '1h', '2h', '6h', '1d', '3d'];

/** Pyrra's windows follow from the SLO's own: 1/28 of it is a day of the four-week original. */
const pyrraWindows = {
  7: {
    pairs: [
      ['1m', '15m'],
      ['8m', '1h30m'],
      ['30m', '6h'],
      ['1h30m', '1d'],
    ],
    increaseIntervalSeconds: 60,
  },
  30: {
    pairs: [
      ['5m', '1h4m'],
      ['32m', '6h26m'],
      ['2h9m', '1d1h43m'],
      ['6h26m', '4d6h51m'],
    ],
    increaseIntervalSeconds: 150,
  },
};

/** The raw series that both would be given: server side, without what clients aborted. */
function selectors({ name, namespace }) {
  const total = `reporter="destination",destination_service_name="${name}",destination_service_namespace="${namespace}",response_flags!="DC"`;
  return { total, bad: `${total},response_code=~"0|5[0-9][0-9]"` };
}

/** Sloth: a ratio per window, the long one as the mean of five-minute ratios, what a panel needs, and two alerts. */
export function slothRules(service, { windowDays, objective, intervalSeconds = 30 }) {
  const { total, bad } = selectors(service);
  const id = `sloth_id="${service.name}-availability",sloth_service="${service.name}",sloth_slo="availability"`;
  const labels = { sloth_id: `${service.name}-availability`, sloth_service: service.name, sloth_slo: 'availability' };
  const budget = 1 - objective;
  const rule = (record, expr, own = {}) => ({ record, expr, labels: { ...labels, ...own }, intervalSeconds });
  const ratios = slothWindows.map((window) =>
    rule(
      `slo:sli_error:ratio_rate${window}`,
      `(sum(rate(istio_requests_total{${bad}}[${window}]))) / (sum(rate(istio_requests_total{${total}}[${window}])))`,
      { sloth_window: window },
    ),
  );
  const ratio = (window) => `slo:sli_error:ratio_rate${window}{${id}}`;
  const period = `${windowDays}d`;
  const mean = rule(
    `slo:sli_error:ratio_rate${period}`,
    `sum_over_time(${ratio('5m')}[${period}]) / ignoring (sloth_window) count_over_time(${ratio('5m')}[${period}])`,
    { sloth_window: period },
  );
  const on = 'on(sloth_id, sloth_slo, sloth_service) group_left';
  const panel = [
    rule('slo:objective:ratio', `vector(${objective})`),
    rule('slo:error_budget:ratio', `vector(1-${objective})`),
    rule('slo:time_period:days', `vector(${windowDays})`),
    rule('slo:current_burn_rate:ratio', `${ratio('5m')} / ${on} slo:error_budget:ratio{${id}}`),
    rule('slo:period_burn_rate:ratio', `${ratio(period)} / ${on} slo:error_budget:ratio{${id}}`),
    rule('slo:period_error_budget_remaining:ratio', `1 - slo:period_burn_rate:ratio{${id}}`),
    rule('sloth_slo_info', 'vector(1)'),
  ];
  const above = (window, factor) => `max(${ratio(window)} > ${factor * budget}) without (sloth_window)`;
  const both = (short, long, factor) => `(${above(short, factor)} and ${above(long, factor)})`;
  const alerts = [
    `${both('5m', '1h', 14.4)} or ${both('30m', '6h', 6)}`,
    `${both('2h', '1d', 3)} or ${both('6h', '3d', 1)}`,
  ].map((expr) => ({ alert: 'Burn', expr, intervalSeconds }));
  return [...ratios, mean, ...panel, ...alerts];
}

/**
 * Pyrra: a raw increase over the whole window, a ratio per window of an alert, and four alerts.
 *
 * With `performance`, the increase is summed from increases of five minutes.
 */
export function pyrraRules(service, { windowDays, objective, performance = false, intervalSeconds = 30 }) {
  const { total, bad } = selectors(service);
  const { pairs, increaseIntervalSeconds } = pyrraWindows[windowDays];
  const of = `slo="${service.name}",destination_service_name="${service.name}"`;
  const labels = { slo: service.name };
  const window = `${windowDays}d`;
  const grouped = 'sum by (response_code, destination_service_name)';
  const increase = performance
    ? [
        {
          record: 'istio_requests:increase5m',
          expr: `${grouped} (increase(istio_requests_total{${total}}[5m]))`,
          labels,
          intervalSeconds,
        },
        {
          record: `istio_requests:increase${window}`,
          expr: `${grouped} (sum_over_time(istio_requests:increase5m{destination_service_name="${service.name}"}[${window}:5m]))`,
          labels,
          intervalSeconds: increaseIntervalSeconds,
        },
      ]
    : [
        {
          record: `istio_requests:increase${window}`,
          expr: `${grouped} (increase(istio_requests_total{${total}}[${window}]))`,
          labels,
          intervalSeconds: increaseIntervalSeconds,
        },
      ];
  const absent = {
    alert: 'Absent',
    expr: `absent(istio_requests_total{${total}}) == 1`,
    intervalSeconds: increaseIntervalSeconds,
  };
  const rates = [...new Set(pairs.flat())].map((range) => ({
    record: `istio_requests:burnrate${range}`,
    expr: `sum by (destination_service_name) (rate(istio_requests_total{${bad}}[${range}])) / sum by (destination_service_name) (rate(istio_requests_total{${total}}[${range}]))`,
    labels,
    intervalSeconds,
  }));
  const alerts = pairs.map(([short, long], place) => {
    const above = (range) => `istio_requests:burnrate${range}{${of}} > (${[14, 7, 2, 1][place]} * (1 - ${objective}))`;
    return { alert: 'Burn', expr: `${above(short)} and ${above(long)}`, intervalSeconds };
  });
  return [...increase, absent, ...rates, ...alerts];
}

/** What each of them says of the share of bad events in the whole window. */
export function peerAnswers({ name }, windowDays) {
  const increase = (more) => `sum(istio_requests:increase${windowDays}d{destination_service_name="${name}"${more}})`;
  return {
    sloth: `slo:sli_error:ratio_rate${windowDays}d{sloth_service="${name}"}`,
    pyrra: `(${increase(',response_code=~"0|5[0-9][0-9]"')} or vector(0)) / ${increase('')}`,
  };
}

/** Groups as a rule file has them: rules of one interval side by side. */
export function groupsOf(rules) {
  const intervals = [...new Set(rules.map(({ intervalSeconds }) => intervalSeconds ?? minute))];
  return intervals.map((intervalSeconds) => ({
    name: `every ${intervalSeconds} s`,
    intervalSeconds,
    rules: rules.filter((rule) => (rule.intervalSeconds ?? minute) === intervalSeconds),
  }));
}
