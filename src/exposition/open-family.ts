import type { MetricFamily, MetricType, Sample } from './exposition.js';
import { withoutEscapes } from './label-text.js';
import type { Metadata } from './metadata.js';

/** A family while its lines are still coming in; its help is decoded when somebody asks for it. */
export class OpenFamily implements MetricFamily {
  readonly name: string;
  type: MetricType = 'unknown';
  unit: string | undefined;
  /** Whether a TYPE line was seen: it counts once. */
  typed = false;
  readonly samples: Sample[] = [];
  /** The HELP line that counts: the first one. */
  helpLine: Metadata | undefined;

  constructor(name: string) {
    this.name = name;
  }

  get help(): string | undefined {
    return this.helpLine && withoutEscapes(this.helpLine.text);
  }
}
