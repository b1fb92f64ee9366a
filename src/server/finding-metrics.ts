import { Gauge, Histogram, type Registry } from 'prom-client';
import type { FindingBook } from '../domain/finding-book.js';
import { severityOf } from '../domain/finding.js';
import type { FindingsState } from '../findings/finding-desk.js';
import type { LookOutcome } from '../findings/source-runner.js';

/** What meshslo tells of its findings. */
export interface FindingMetrics {
  looked(outcome: LookOutcome): void;
  /** Sets those of the moment. */
  read(): void;
}

interface FindingReader extends Pick<FindingBook, 'ongoing'> {
  readonly state: FindingsState;
}

export function findingMetrics(registers: Registry[], reader: FindingReader): FindingMetrics {
  const looks = new Histogram({
    name: 'meshslo_finding_look_duration_seconds',
    help: 'Time that one look for trouble took, by source and how it ended.',
    labelNames: ['source', 'outcome'],
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60],
    registers,
  });
  const findings = new Gauge({
    name: 'meshslo_findings',
    help: 'Findings that go on; labels that do not concern a finding are empty.',
    labelNames: ['kind', 'severity', 'owner', 'cluster', 'mesh'],
    registers,
  });
  const lookedAt = new Gauge({
    name: 'meshslo_finding_last_look_timestamp_seconds',
    help: 'When a source last looked for trouble and could tell; absent before.',
    labelNames: ['source'],
    registers,
  });
  const up = new Gauge({
    name: 'meshslo_finding_source_up',
    help: '0 while the last look of a source told nothing.',
    labelNames: ['source'],
    registers,
  });
  const leftOut = new Gauge({
    name: 'meshslo_findings_left_out',
    help: 'Findings of the last look of a source that there was no room for.',
    labelNames: ['source'],
    registers,
  });
  return {
    looked: ({ source, durationSeconds, trouble }) => {
      looks.observe({ source, outcome: trouble?.code ?? 'ok' }, durationSeconds);
    },
    read: () => {
      for (const gauge of [findings, lookedAt, up, leftOut]) gauge.reset();
      for (const finding of reader.ongoing()) {
        const { kind, owner = '', subject } = finding;
        const { cluster = '', mesh = '' } = subject;
        findings.inc({ kind, severity: severityOf(finding), owner, cluster, mesh });
      }
      const { sources, leftOut: counts } = reader.state;
      for (const { name, lookedAt: at, trouble } of sources) {
        if (at !== undefined) lookedAt.set({ source: name }, at);
        up.set({ source: name }, trouble ? 0 : 1);
        leftOut.set({ source: name }, counts.get(name) ?? 0);
      }
    },
  };
}
