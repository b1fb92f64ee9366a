import { Failure } from '../../src/domain/failure.js';
import type { KeptFinding } from '../../src/domain/finding.js';
import type { MeshEvent } from '../../src/domain/mesh-event.js';
import { type ServiceId, serviceKey } from '../../src/domain/service-id.js';
import type { TimeRange } from '../../src/domain/window.js';
import type { FindingsState } from '../../src/findings/finding-desk.js';
import type { FindingReader } from '../../src/server/finding-reader.js';
import { noon } from './made-up-reader.js';

/** A registration whose pod is gone, found a quarter of an hour ago; what a test is about is given. */
export function keptFinding(id: string, given: Partial<KeptFinding> = {}): KeptFinding {
  return {
    id,
    kind: 'ZombieRegistration',
    subject: { cluster: 'berlin', namespace: 'shop', service: 'checkout', instance: 'checkout-1' },
    owner: 'payments',
    summary: 'checkout-1 is registered at 10.1.2.3, and no pod has this address',
    evidence: { address: '10.1.2.3' },
    action: 'deregister it',
    since: undefined,
    firstSeen: noon - 900,
    lastSeen: noon,
    resolvedAt: undefined,
    ...given,
  };
}

/** How looking goes where one source looks and another cannot. */
export const madeUpState: FindingsState = {
  sources: [
    { name: 'kubernetes berlin', everySeconds: 15, lookedAt: noon, trouble: undefined },
    {
      name: 'consul dc1',
      everySeconds: 15,
      lookedAt: undefined,
      trouble: new Failure('forbidden', 'Consul refuses', { hint: 'node:read is needed' }),
    },
  ],
  leftOut: new Map(),
  unsaved: undefined,
};

/** Findings in memory. */
export class MadeUpFindings implements FindingReader {
  readonly state: FindingsState;
  readonly #findings: readonly KeptFinding[];
  readonly #events: readonly MeshEvent[];

  constructor(findings: readonly KeptFinding[] = [], events: readonly MeshEvent[] = [], state?: FindingsState) {
    this.#findings = findings;
    this.#events = events;
    this.state = state ?? { sources: [], leftOut: new Map(), unsaved: undefined };
  }

  ongoing(): readonly KeptFinding[] {
    return this.#findings.filter(({ resolvedAt }) => resolvedAt === undefined);
  }

  during({ from, to }: TimeRange): readonly KeptFinding[] {
    return this.#findings.filter(({ firstSeen, resolvedAt = Infinity }) => firstSeen < to && resolvedAt > from);
  }

  events({ from, to }: TimeRange, service?: ServiceId): readonly MeshEvent[] {
    return this.#events.filter(
      (event) =>
        event.at >= from &&
        event.at < to &&
        (!service || !event.service || serviceKey(event.service) === serviceKey(service)),
    );
  }

  get(id: string): KeptFinding | undefined {
    return this.#findings.find((finding) => finding.id === id);
  }
}
