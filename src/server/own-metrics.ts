import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { GaugeSeries } from '../alerting/defined/gauge-condition.js';
import type { Clock } from '../domain/clock.js';
import type { FailureCode } from '../domain/failure.js';
import { shownBurnRates, type SloStatus } from '../domain/slo-status.js';
import { byUrgency } from '../domain/urgency.js';
import { nothingUnusable, type UnusableSamples } from '../scrape/target-health.js';
import { type AlertMetrics, alertMetrics } from './alert-metrics.js';
import type { StatusReader } from './status-reader.js';
import { newestSlot, overServiceLimit, targetCounts } from './watcher-view.js';

/** SLOs with a budget that have series of their own, most urgent first; the others are counted. */
const mostSlos = 5000;

/** How a piece of work ended. */
export type Outcome = 'ok' | FailureCode;

/** What meshslo tells Prometheus of itself. Numbers of SLOs are for looking at: paging must not depend on them. */
export interface OwnMetrics {
  scrapeEnded(outcome: Outcome, durationSeconds: number, unusable?: UnusableSamples): void;
  commitEnded(outcome: Outcome, durationSeconds: number): void;
  readonly alerts: Pick<AlertMetrics, 'evaluated' | 'posted'>;
  /** Adds metrics of another part; what `register` returns is called before every answer, to set those of the moment. */
  add(register: (registers: Registry[]) => () => void): void;
  /** The series of some gauges, as they are now, by name; none where there is no such gauge. */
  gauges(names: readonly string[]): Promise<ReadonlyMap<string, readonly GaugeSeries[]>>;
  /** All of them in Prometheus' text format. */
  render(): Promise<string>;
  readonly contentType: string;
}

/** The metrics; those of the moment are read when they are asked for. */
export function createOwnMetrics(reader: StatusReader, clock: Pick<Clock, 'now'>, version: string): OwnMetrics {
  const registry = new Registry();
  const registers = [registry];
  const scrapes = new Histogram({
    name: 'meshslo_scrape_duration_seconds',
    help: 'Time that one scrape of one target took, by outcome.',
    labelNames: ['outcome'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  const commits = new Histogram({
    name: 'meshslo_ledger_commit_duration_seconds',
    help: 'Time that writing one slot took, by outcome.',
    labelNames: ['outcome'],
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
    registers,
  });
  const badSamples = new Counter({
    name: 'meshslo_bad_samples_total',
    help: 'Lines that are no samples, series that a body holds twice, and samples that mean nothing known.',
    labelNames: ['kind'],
    registers,
  });
  new Gauge({
    name: 'meshslo_build_info',
    help: 'Always 1; the version stands in the label.',
    labelNames: ['version'],
    registers,
  }).set({ version }, 1);
  const alerts = alertMetrics(registers);
  const readers = [
    () => alerts.read(reader.health().alerting),
    watcherGauges(registers, reader, clock),
    inputGauges(registers, reader),
    sloGauges(registers, reader),
  ];
  return {
    alerts,
    add: (register) => void readers.push(register(registers)),
    scrapeEnded: (outcome, durationSeconds, { badLines, duplicates, unreadable } = nothingUnusable) => {
      scrapes.observe({ outcome }, durationSeconds);
      badSamples.inc({ kind: 'bad-line' }, badLines);
      badSamples.inc({ kind: 'duplicate' }, duplicates);
      badSamples.inc({ kind: 'unreadable' }, unreadable);
    },
    commitEnded: (outcome, durationSeconds) => commits.observe({ outcome }, durationSeconds),
    gauges: async (names) => {
      for (const read of readers) read();
      const found = names.map(async (name) => {
        const { values = [] } = (await registry.getSingleMetric(name)?.get()) ?? {};
        return [name, values.map(({ labels, value }) => ({ labels: textsOf(labels), value }))] as const;
      });
      return new Map(await Promise.all(found));
    },
    render: () => {
      for (const read of readers) read();
      return registry.metrics();
    },
    contentType: registry.contentType,
  };
}

function textsOf(labels: Readonly<Partial<Record<string, string | number>>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, String(value ?? '')]));
}

function watcherGauges(registers: Registry[], reader: StatusReader, clock: Pick<Clock, 'now'>): () => void {
  const lag = new Gauge({
    name: 'meshslo_slot_lag_seconds',
    help: 'Age of the newest slot in the ledger; absent while it is empty.',
    registers,
  });
  const waiting = new Gauge({
    name: 'meshslo_slots_waiting',
    help: 'Slots that are counted and could not be written yet.',
    registers,
  });
  return () => {
    const health = reader.health();
    const newest = newestSlot(health);
    if (newest) lag.set(Math.max(0, clock.now() - newest.countedUntilSeconds));
    else lag.remove();
    waiting.set(health.slotsWaiting);
  };
}

/** What comes in: configuration, lists of targets, targets, services. */
function inputGauges(registers: Registry[], reader: StatusReader): () => void {
  const targets = new Gauge({
    name: 'meshslo_targets',
    help: 'Targets by what their last scrape was.',
    labelNames: ['health'],
    registers,
  });
  const places = new Gauge({
    name: 'meshslo_discovery_up',
    help: 'Whether a list of targets could be read when it was last looked at.',
    labelNames: ['job', 'place'],
    registers,
  });
  const refused = new Gauge({
    name: 'meshslo_refused_services',
    help: 'Services without SLOs because there are too many already.',
    registers,
  });
  const overLimit = new Gauge({
    name: 'meshslo_targets_over_service_limit',
    help: 'Targets that show more services than one target may bring in; the rest of these have no SLOs.',
    registers,
  });
  const reload = new Gauge({
    name: 'meshslo_config_last_reload_success',
    help: '0 while the last change of the configuration is refused and the one before is in force.',
    registers,
  });
  return () => {
    const health = reader.health();
    const all = reader.targets();
    const counts = targetCounts(all);
    for (const name of ['up', 'down', 'unknown'] as const) targets.set({ health: name }, counts[name]);
    places.reset();
    for (const { job, place, failure } of health.places) places.set({ job, place }, failure ? 0 : 1);
    refused.set(health.refusedServices);
    overLimit.set(overServiceLimit(all).length);
    reload.set(health.refusedConfiguration ? 0 : 1);
  };
}

function sloGauges(registers: Registry[], reader: StatusReader): () => void {
  const names = ['cluster', 'namespace', 'service', 'slo'];
  const remaining = new Gauge({
    name: 'meshslo_slo_budget_remaining_ratio',
    help: 'Share of the error budget that is left; negative when overspent, absent without traffic.',
    labelNames: names,
    registers,
  });
  const burnRates = new Gauge({
    name: 'meshslo_slo_burn_rate',
    help: 'Times faster than allowed that the budget was spent in a window; absent without traffic.',
    labelNames: [...names, 'window_seconds'],
    registers,
  });
  const leftOut = new Gauge({
    name: 'meshslo_slos_left_out',
    help: `SLOs whose budget is known and not told here, because there are more than ${mostSlos}.`,
    registers,
  });
  return () => {
    remaining.reset();
    burnRates.reset();
    // Without a budget there is nothing to print, and many of the silent ones are more urgent than a healthy one.
    const statuses = byUrgency(reader.statuses().filter(({ budget }) => budget !== undefined));
    leftOut.set(Math.max(0, statuses.length - mostSlos));
    for (const status of statuses.slice(0, mostSlos)) {
      const { slo, budget } = status;
      const labels = sloLabels(slo);
      if (budget) remaining.set(labels, budget.remainingRatio);
      for (const { windowSeconds, burnRate } of shownBurnRates(status)) {
        if (burnRate !== undefined) burnRates.set({ ...labels, window_seconds: windowSeconds }, burnRate);
      }
    }
  };
}

function sloLabels({ service, name }: SloStatus['slo']): Record<string, string> {
  return { cluster: service.cluster, namespace: service.namespace, service: service.name, slo: name };
}
