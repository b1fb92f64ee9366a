import type { Finding } from './finding.js';
import type { FindingKind } from './finding-kinds.js';
import type { MeshEvent } from './mesh-event.js';

/** Something that looks for trouble again and again: a collector of a control plane, the registry against live pods, ... */
export interface FindingSource {
  /** Unique, and the same over restarts: `istio prod`, `consul dc1`. */
  readonly name: string;
  readonly everySeconds: number;
  /**
   * Looks once. What cannot be reached is a finding of its own and narrows `judged`; it is no failure.
   *
   * @param signal ends the look early, when meshslo stops or the look took too long
   */
  look(signal: AbortSignal): Promise<Look>;
}

/** What one look saw. */
export interface Look {
  readonly findings: readonly Finding[];
  /** Kinds whose absence from `findings` says that the trouble is over. What could not be looked at stays as it was. */
  readonly judged: readonly FindingKind[];
  /**
   * Of the kinds above, findings that could not be looked at: one proxy of many was silent. They stay as they were; where it is
   * left out, all of these kinds were looked at.
   */
  readonly unseen?: (finding: Finding) => boolean;
  /** What has happened since the look before. */
  readonly events: readonly MeshEvent[];
}
