import type { FindingBook } from '../domain/finding-book.js';
import type { KeptFinding } from '../domain/finding.js';
import type { FindingsState } from '../findings/finding-desk.js';

/** The findings and how looking for them goes, as the server reads them. */
export interface FindingReader extends FindingBook {
  /** Undefined where there is none of this id. */
  get(id: string): KeptFinding | undefined;
  readonly state: FindingsState;
}
