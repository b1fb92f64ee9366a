import type { Finding } from '../../src/domain/finding.js';
import type { FindingKind } from '../../src/domain/finding-kinds.js';
import type { FindingSource, Look } from '../../src/domain/finding-source.js';

/** 2026-06-01T12:00:00Z. */
export const noon = Date.UTC(2026, 5, 1, 12) / 1000;

/** A finding about one proxy. */
export function finding(proxy: string, changes: Partial<Finding> = {}): Finding {
  return {
    kind: 'SidecarOutOfSync',
    subject: { mesh: 'istio', cluster: 'eu', proxy },
    owner: 'payments',
    summary: `${proxy} has not taken its configuration for 90 s`,
    evidence: { acked: '1', sent: '2' },
    action: 'restart the pod',
    since: undefined,
    ...changes,
  };
}

/** What a look saw of the kind that it judges. */
export function look(findings: readonly Finding[], judged: readonly FindingKind[] = ['SidecarOutOfSync']): Look {
  return { findings, judged, events: [] };
}

/** A source that tells what it is told to. */
export class ToldSource implements FindingSource {
  readonly name: string;
  readonly everySeconds = 15;
  next: () => Promise<Look> = () => Promise.resolve(look([]));

  constructor(name: string) {
    this.name = name;
  }

  look(): Promise<Look> {
    return this.next();
  }
}
