import type { KeptFinding } from './finding.js';
import type { MeshEvent } from './mesh-event.js';
import type { ServiceId } from './service-id.js';
import type { TimeRange } from './window.js';

/** What was found and what has happened, now and as far back as it is kept. */
export interface FindingBook {
  /** Findings that go on, the oldest first. */
  ongoing(): readonly KeptFinding[];
  /** Findings that went on at some moment of a range, the oldest first. */
  during(range: TimeRange): readonly KeptFinding[];
  /** What happened in a range, the oldest first; to one service and to its whole mesh, where a service is given. */
  events(range: TimeRange, service?: ServiceId): readonly MeshEvent[];
}
