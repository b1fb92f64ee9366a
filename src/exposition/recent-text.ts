import { asBuffer } from './utf8.js';

/** Long enough that cutting a name out of it costs a fifth of decoding the name by itself. */
const blockBytes = 1 << 14;

/**
 * Decodes names and other ASCII of one body from its beginning to its end.
 *
 * The same bytes twice in a row are decoded only once: a name stands in HELP, TYPE and sample, one line after the other, and
 * `counter` in one TYPE after the other. All others are cut out of a block that was decoded at one go.
 */
export class RecentText {
  private readonly body: Buffer;
  private block = '';
  private blockStart = 0;
  private text = '';
  private start = 0;
  private end = 0;

  constructor(body: Uint8Array) {
    this.body = asBuffer(body);
  }

  read(start: number, end: number): string {
    if (this.isSame(start, end)) return this.text;
    if (start < this.blockStart || end > this.blockStart + this.block.length) {
      this.block = this.body.toString('latin1', start, Math.max(end, start + blockBytes));
      this.blockStart = start;
    }
    this.text = this.block.slice(start - this.blockStart, end - this.blockStart);
    this.start = start;
    this.end = end;
    return this.text;
  }

  private isSame(start: number, end: number): boolean {
    const { body } = this;
    const back = start - this.start;
    if (end - back !== this.end) return false;
    // Names that follow each other differ at their ends.
    for (let at = end - 1; at >= start; at--) if (body[at] !== body[at - back]) return false;
    return true;
  }
}
