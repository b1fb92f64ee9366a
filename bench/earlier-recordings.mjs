/** What earlier evaluations of each design would have recorded. */
import { isConstant } from './fleet-rule-set.mjs';

const minute = 60;
const day = 86_400;

/**
 * What earlier evaluations would have recorded, so far as it is read: taken from the truth, as its cost is the same.
 */
export function addRecorded(tools, store, fleet, rules, { from, to, windowDays }) {
  const known = new Set();
  const series = (labels, start, step, valueAt) => {
    // Pyrra's two modes share what they record.
    const key = JSON.stringify(labels);
    if (known.has(key)) return;
    known.add(key);
    const length = Math.floor((to - start) / step) + 1;
    const times = Float64Array.from({ length }, (_, index) => (start + index * step) * 1000);
    store.add(
      labels,
      times,
      Float64Array.from(times, (time) => valueAt(time / 1000)),
      length,
    );
  };
  const windows = rules.flatMap(({ record, intervalSeconds }) => {
    const [, name] = /^service_sli:(?:bad_events:(?=max)|events:(?=sum))(\w+)$/.exec(record ?? '') ?? [];
    if (name === undefined) return [];
    // Longer windows are put together of this one, at any time of three days.
    const isPiece = rules.some(({ expr }) => expr.includes(`:${name}[`));
    return [{ name, intervalSeconds, since: isPiece ? Math.max(from, to - 3 * day) : to - 10 * minute }];
  });
  const recent = to - 10 * minute;
  series({ __name__: 'service_sli:delta5m:timestamp_seconds' }, recent, 5 * minute, (at) => at);
  for (const { record, expr, labels, intervalSeconds } of rules) {
    if (record !== undefined && isConstant({ expr })) {
      series({ __name__: record, ...labels }, recent, intervalSeconds, () => 0.999);
      if (labels.policy !== undefined) {
        series({ __name__: 'slo:error_budget:ratio', ...labels }, recent, minute, () => 0.001);
      }
    } else if (
      /^(slo:sli_error|slo:period|istio_requests:burnrate)/.test(record ?? '') &&
      !/ratio_rate5m/.test(record)
    ) {
      const named = { destination_service_name: labels.slo ?? '' };
      series({ __name__: record, ...named, ...labels }, recent, intervalSeconds, () => 0.0005);
    }
  }
  series({ __name__: 'meshslo:minute:timestamp_seconds' }, recent, minute, (at) => at);
  for (const kind of ['good_events', 'bad_events']) {
    const labels = { sli: 'istio/server', moment: 'at' };
    series({ __name__: `service_target:${kind}:held`, ...labels }, recent, minute, (at) => at);
  }
  for (const [{ name, namespace, pods, callers }, [{ seen }]] of fleet) {
    const ofService = { cluster: 'bench', namespace, service: name };
    const within = (at, seconds) => seen.between(Math.max(from, at - seconds), Math.max(from, at));
    const edge = (at) => Math.floor((at - from) / minute) * minute + from;
    for (const [kind, pick] of [
      ['events', 'total'],
      ['bad_events', 'bad'],
    ]) {
      const labels = { ...ofService, sli: 'istio/server' };
      series(
        { __name__: `service_sli:${kind}:delta1m`, ...labels },
        Math.max(from, to - 3 * day - minute),
        minute,
        (at) => within(at, minute)[pick],
      );
      series(
        { __name__: `service_sli:${kind}:delta5m`, ...labels },
        from,
        5 * minute,
        (at) => within(at, 5 * minute)[pick],
      );
      for (const window of windows) {
        series(
          { __name__: `service_sli:${kind}:${window.name}`, ...labels },
          window.since,
          window.intervalSeconds,
          (at) => within(at, windowDays * day)[pick],
        );
      }
    }
    for (const pod of pods.filter(({ goneAt }) => goneAt > to)) {
      const { job, instance } = tools.targetLabels(namespace, `${name}-${pod.name}`);
      for (const kind of ['good_events', 'bad_events']) {
        for (const moment of ['now', 'before']) {
          const held = { __name__: `service_target:${kind}:held`, ...ofService, sli: 'istio/server', job, instance };
          series({ ...held, moment }, to - 70 * minute, minute, (at) => Math.floor((at - from) / minute));
        }
      }
      const carrier = { __name__: 'service_target:carrier:info', ...ofService, job, instance, mesh: 'istio' };
      series(carrier, to - 6 * 3600, 5 * minute, () => 1);
    }
    const requests = { __name__: 'service_dependency:requests:delta15m', ...ofService };
    series(requests, Math.max(from, to - 3 * day), 15 * minute, (at) => within(at, 15 * minute).total);
    series({ __name__: 'service:scrapes:coverage2m', ...ofService }, to - 6 * 3600, 2 * minute, () => 0.99);
    series({ __name__: 'service:scrapes:coverage6h', ...ofService }, to - 7 * 3600, 2 * minute, () => 0.99);
    const counted = { __name__: 'service_sli:counted:count1d', ...ofService, sli: 'istio/server' };
    series(counted, recent, 5 * minute, () => 288);
    for (const { record, intervalSeconds } of rules.filter(({ record }) =>
      /^service_dependency:\w*calls:/.test(record),
    )) {
      for (let caller = 0; caller < callers; caller++) {
        const ofCaller = { cluster: 'bench', namespace: 'callers', service: `caller-${caller}`, mesh: 'istio' };
        const called = Object.entries(ofService).map(([label, value]) => [`dependency_${label}`, value]);
        const labels = { __name__: record, ...ofCaller, ...Object.fromEntries(called) };
        series(labels, Math.max(from, to - 3 * day), intervalSeconds, (at) => within(at, 5 * minute).total);
      }
    }
    const sloth = {
      sloth_id: `${name}-availability`,
      sloth_service: name,
      sloth_slo: 'availability',
      sloth_window: '5m',
    };
    series({ __name__: 'slo:sli_error:ratio_rate5m', ...sloth }, from, 30, (at) => {
      const { total, bad } = within(edge(at), 5 * minute);
      return total === 0 ? Number.NaN : bad / total;
    });
    for (const response_code of ['200', '201', '404', '500', '503', '0']) {
      const labels = { slo: name, destination_service_name: name, response_code };
      series(
        { __name__: 'istio_requests:increase5m', ...labels },
        from,
        30,
        (at) => within(edge(at), 5 * minute).total / 6,
      );
    }
  }
}
