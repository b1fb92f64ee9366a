import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Clock } from '../domain/clock.js';
import type { Applied } from '../publish/run.js';

/** Tells of runs of publishing; @returns what is told of each. */
export function publishMetrics(
  metrics: { readonly add: (register: (registers: Registry[]) => () => void) => void },
  clock: Pick<Clock, 'now'>,
): (applied: Applied, durationSeconds: number) => void {
  let told: (applied: Applied, durationSeconds: number) => void = () => undefined;
  metrics.add((registers) => {
    told = registered(registers, clock);
    return () => undefined;
  });
  return (applied, durationSeconds) => told(applied, durationSeconds);
}

function registered(
  registers: Registry[],
  clock: Pick<Clock, 'now'>,
): (applied: Applied, durationSeconds: number) => void {
  const changes = new Counter({
    name: 'meshslo_publish_changes_total',
    help: 'Things that were made, changed, retired or removed, by how that ended.',
    labelNames: ['destination', 'act', 'outcome'],
    registers,
  });
  const objects = new Gauge({
    name: 'meshslo_publish_objects',
    help: 'Things of a destination after its last run: as wanted, failed, left alone, or waiting to go.',
    labelNames: ['destination', 'state'],
    registers,
  });
  const lastGood = new Gauge({
    name: 'meshslo_publish_last_success_timestamp_seconds',
    help: 'When a destination last was as wanted, but for what is left alone; absent before.',
    labelNames: ['destination'],
    registers,
  });
  const durations = new Histogram({
    name: 'meshslo_publish_duration_seconds',
    help: 'Time that one run over all destinations took.',
    labelNames: ['destination'],
    buckets: [0.1, 0.5, 1, 5, 10, 30, 60, 300],
    registers,
  });
  return ({ destination, published }, durationSeconds) => {
    durations.observe({ destination }, durationSeconds);
    if (!published) return;
    const { endings, same, kept, waiting, unsettled } = published;
    for (const { change, failure } of endings) {
      changes.inc({ destination, act: change.act, outcome: failure?.code ?? 'ok' });
    }
    const failed = endings.filter(({ failure }) => failure).length;
    objects.set({ destination, state: 'as-wanted' }, same + endings.length - failed);
    objects.set({ destination, state: 'failed' }, failed);
    objects.set({ destination, state: 'left-alone' }, kept.length);
    objects.set({ destination, state: 'waiting' }, waiting.length);
    if (failed === 0 && !unsettled) lastGood.set({ destination }, clock.now());
  };
}
