import type { SloRules } from '../config/slo-rules.js';
import type { Import, ImportedFile } from '../peers/import-slos.js';

/** What became of a file. */
export type FileStatus = 'written' | 'unchanged' | 'differs' | 'shown';

/** An import, and what became of its files. */
export interface ImportView {
  readonly imported: Import;
  readonly statuses: ReadonlyMap<ImportedFile, FileStatus>;
  readonly out: string | undefined;
  readonly rules: SloRules;
  /** Patterns of SLO files that a configuration names; undefined without one. */
  readonly patterns: readonly string[] | undefined;
}
