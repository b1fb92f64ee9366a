import type { Metadata } from './metadata.js';
import type { ExpositionRule } from './problem.js';
import type { RuledSample } from './ruled-sample.js';

/** Where a rule finds fault: the line, a column, and what exactly is wrong. */
export type Report = (rule: ExpositionRule, line: number, column: number, message: string) => void;

/** The rules of one format that reach beyond a single line. */
export interface FormatRules {
  metadata(metadata: Metadata, line: number): void;
  sample(sample: RuledSample): void;
  end(): void;
}
