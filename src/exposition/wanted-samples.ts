import { Failure } from '../domain/failure.js';
import { grownTo } from './grown-array.js';

/** What one body holds, while it is read: each wanted series once, with the value of its first sample, and the counts. */
export class WantedSamples {
  count = 0;
  duplicates = 0;
  badLines = 0;
  /** Samples of all names, those included that are only skipped. */
  total = 0;
  /** Comments and blank lines. */
  passedOver = 0;
  series = new Int32Array(1 << 8);
  values = new Float64Array(1 << 8);

  private readonly maxSeries: number;
  private readonly maxLines: number;
  /** The body in which a series was last seen. */
  private seen = new Int32Array(1 << 8);
  private bodies = 0;

  /** @param limits how many wanted series, and lines of any kind, one body may have. */
  constructor(limits: { readonly maxSeries: number; readonly maxLines: number }) {
    this.maxSeries = limits.maxSeries;
    this.maxLines = limits.maxLines;
  }

  /** Begins a body. */
  begin(): void {
    this.bodies++;
    this.count = 0;
    this.duplicates = 0;
    this.badLines = 0;
    this.total = 0;
    this.passedOver = 0;
  }

  /** Makes room for the samples of so many known series. */
  reserve(seriesKnown: number): void {
    if (seriesKnown <= this.values.length) return;
    this.series = grownTo(this.series, seriesKnown);
    this.seen = grownTo(this.seen, seriesKnown);
    const values = new Float64Array(this.series.length);
    values.set(this.values);
    this.values = values;
  }

  /** Notes a comment or a blank line: a flood of these is work, too. */
  passOver(): void {
    this.passedOver++;
    if (this.passedOver > this.maxLines) this.refuseExcess();
  }

  /** @throws Failure `body-too-large` once there have been too many lines of all kinds together. */
  refuseExcess(): void {
    if (this.total + this.badLines + this.passedOver <= this.maxLines) return;
    throw new Failure('body-too-large', `the body has more than ${this.maxLines} lines`, {
      hint: 'No metrics of a proxy do; look at what this target sends.',
    });
  }

  /** @throws Failure `too-many-series` */
  take(series: number, value: number): void {
    this.total++;
    if (this.seen[series] === this.bodies) {
      this.duplicates++;
      return;
    }
    if (this.count === this.maxSeries) {
      throw new Failure('too-many-series', `the body has more than ${this.maxSeries} wanted series`, {
        hint: 'Raise the limit of series for this target, or let it expose fewer labels.',
      });
    }
    this.seen[series] = this.bodies;
    this.series[this.count] = series;
    this.values[this.count] = value;
    this.count++;
  }
}
