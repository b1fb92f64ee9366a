import type { FindingKind, FindingSeverity } from '../../domain/finding-kinds.js';
import type { ErrorView } from './problem.js';

/** `GET /api/v1/findings?kind=&severity=&owner=&cluster=&state=ongoing|ended&from=&to=`: what matters most first, then the oldest. */
export interface FindingList {
  readonly findings: readonly FindingView[];
  /** How many fit what was asked for; `findings` may hold fewer. */
  readonly total: number;
  /** Everything that looks for trouble; without one, nothing is found because nobody looks. */
  readonly looks: readonly LookView[];
}

/** Something that is wrong, from when it was first seen to when it was seen last. */
export interface FindingView {
  readonly id: string;
  /** `ZombieRegistration`, ...; also its heading in the documentation of findings. */
  readonly kind: FindingKind;
  readonly severity: FindingSeverity;
  /** What it is about: `mesh`, `cluster`, `namespace`, `service`, `proxy`, `address`, ... where it has them. */
  readonly subject: Readonly<Record<string, string>>;
  /** Null where nobody is known to answer for it. */
  readonly owner: string | null;
  readonly summary: string;
  readonly evidence: Readonly<Record<string, string>>;
  /** What to do next. */
  readonly action: string;
  /** When the trouble began as its source tells it; null where it tells no time. */
  readonly sinceSeconds: number | null;
  readonly firstSeenSeconds: number;
  readonly lastSeenSeconds: number;
  /** Null while it goes on. */
  readonly resolvedSeconds: number | null;
}

/** One of the things that look for trouble, and how that goes. */
export interface LookView {
  readonly source: string;
  readonly everySeconds: number;
  /** When it last looked and could tell; null before the first time. */
  readonly lookedSeconds: number | null;
  /** Why it could not tell when it looked last. */
  readonly error: ErrorView | null;
  /** Findings of its last look that there was no room for. */
  readonly leftOut: number;
}

/** How many findings go on. */
export interface FindingCounts {
  readonly critical: number;
  readonly warning: number;
  readonly info: number;
}
