import type { EpochSeconds } from './clock.js';
import { type FindingKind, findingSeverities, type FindingSeverity } from './finding-kinds.js';

/**
 * Something that is wrong with a mesh, its registry, its catalogue or with meshslo's own reach, as one look found it.
 *
 * The same kind and subject are the same finding, however often it is looked at and whatever its evidence says meanwhile.
 */
export interface Finding {
  readonly kind: FindingKind;
  /**
   * What it is about; with the kind, its identity. `mesh`, `cluster`, `namespace`, `service`, `proxy`, `instance`, `address`,
   * ... where it has them; never anything that changes while the trouble lasts.
   */
  readonly subject: Readonly<Record<string, string>>;
  /** Who has to act; undefined where nobody is known. */
  readonly owner: string | undefined;
  /** One sentence for a tired person, with the numbers of this moment. */
  readonly summary: string;
  /** What was seen where, by name: versions, times, addresses. Facts only, no secrets. */
  readonly evidence: Readonly<Record<string, string>>;
  /** What to do next; one sentence. */
  readonly action: string;
  /** When the trouble began as its source tells it; undefined where it tells no time. */
  readonly since: EpochSeconds | undefined;
}

/** A finding over time: what the ledger's database keeps, over restarts too. */
export interface KeptFinding extends Finding {
  /** Unique, and the same over restarts. */
  readonly id: string;
  readonly firstSeen: EpochSeconds;
  readonly lastSeen: EpochSeconds;
  /** Undefined while it goes on. */
  readonly resolvedAt: EpochSeconds | undefined;
}

/** The same for the same finding and for no other. */
export function findingKey({ kind, subject }: Pick<Finding, 'kind' | 'subject'>): string {
  const sorted = Object.entries(subject).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([kind, sorted]);
}

/** How much a finding matters: every kind has one severity. */
export function severityOf({ kind }: Pick<Finding, 'kind'>): FindingSeverity {
  return findingSeverities[kind];
}
