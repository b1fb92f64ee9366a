import type { MetricType } from './exposition.js';
import { textSuffixes } from './family-shape.js';
import { type Metadata, textType, unknownHelpEscape } from './metadata.js';
import { numberOfText } from './number-text.js';
import type { RuledSample } from './ruled-sample.js';
import { seriesKey } from './series-key.js';
import type { FormatRules, Report } from './format-rules.js';

/**
 * What Prometheus text asks of a body beyond single lines.
 *
 * Families may be interleaved and metadata may stand alone: the reference parser takes both.
 *
 * @see https://github.com/prometheus/common/blob/main/expfmt/text_parse.go
 */
export class PrometheusTextRules implements FormatRules {
  private readonly report: Report;
  private readonly helped = new Set<string>();
  private readonly types = new Map<string, MetricType>();
  private readonly sampled = new Set<string>();
  private readonly seen = new Set<string>();

  constructor(report: Report) {
    this.report = report;
  }

  metadata({ keyword, name, text }: Metadata, line: number): void {
    if (keyword === 'HELP') {
      if (this.helped.has(name)) this.report('metadata-repeated', line, 1, `a second HELP of ${name}`);
      this.helped.add(name);
      if (unknownHelpEscape(text) >= 0) this.report('help-escape', line, 1, `an unknown escape in the help of ${name}`);
      return;
    }
    const type = textType(text);
    if (this.types.has(name)) this.report('metadata-repeated', line, 1, `a second TYPE of ${name}`);
    else if (this.sampled.has(name)) this.report('metadata-after-samples', line, 1, `TYPE after samples of ${name}`);
    if (type === undefined) this.report('unknown-type', line, 1, `${name} has no type ${JSON.stringify(text)}`);
    else this.types.set(name, type);
  }

  sample({ name, labels, timestamp, line }: RuledSample): void {
    const family = this.familyOf(name);
    this.sampled.add(family);
    if (labels.has('__name__')) this.report('reserved-label', line, 1, `${name} has a label __name__`);

    const type = this.types.get(family);
    const le = labels.get('le');
    if (type === 'histogram' && name === `${family}_bucket` && (le === undefined || numberOfText(le) === undefined)) {
      this.report('le-label', line, 1, `${name} has le ${JSON.stringify(le ?? null)}`);
    }
    const quantile = labels.get('quantile');
    if (type === 'summary' && name === family && quantile !== undefined && numberOfText(quantile) === undefined) {
      this.report('quantile-label', line, 1, `${name} has quantile ${JSON.stringify(quantile)}`);
    }

    const key = `${seriesKey(name, labels)} ${String(timestamp)}`;
    if (this.seen.has(key)) this.report('duplicate-sample', line, 1, `${name} with these labels is there already`);
    this.seen.add(key);
  }

  end(): void {
    // Nothing in this format depends on what does not come any more.
  }

  private familyOf(sampleName: string): string {
    for (const suffix of textSuffixes.histogram) {
      if (!sampleName.endsWith(suffix)) continue;
      const family = sampleName.slice(0, -suffix.length);
      const type = this.types.get(family);
      if (type !== undefined && textSuffixes[type].includes(suffix)) return family;
    }
    return sampleName;
  }
}
