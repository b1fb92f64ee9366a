import { asBuffer } from './utf8.js';

/**
 * Decodes names and other ASCII of one body, and the same bytes twice in a row only once: a name stands in HELP, TYPE and
 * sample, one line after the other, and `counter` in one TYPE after the other.
 */
export class RecentText {
  private readonly body: Buffer;
  private text = '';
  private start = 0;
  private end = 0;

  constructor(body: Uint8Array) {
    this.body = asBuffer(body);
  }

  read(start: number, end: number): string {
    if (!this.isSame(start, end)) {
      this.text = this.body.toString('latin1', start, end);
      this.start = start;
      this.end = end;
    }
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
