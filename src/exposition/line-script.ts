import { grownTo } from './grown-array.js';

/** Enough for the largest body that anybody scrapes; lines beyond it are read without replay. */
const longestScript = 1 << 20;
/** How far ahead a line is looked for that is not the expected one. */
const lookahead = 64;
/** How often in one body the whole script is searched for a line. */
const mostWalks = 32;

/**
 * The wanted lines of the last body in their order, each as the number of its beginning in a `LineMemory`; from the first
 * line on that is not the expected one, those of the body being read are written down beside it and take its place at
 * the end.
 */
export class LineScript {
  lines: Int32Array = new Int32Array(1 << 8);
  length = 0;
  /** The step that is expected next. */
  position = 0;

  /** The lines of this body; undefined as long as it has brought exactly the expected ones. */
  private next: Int32Array | undefined;
  private written = 0;
  private walks = 0;

  /** Begins a body. */
  begin(): void {
    this.position = 0;
    this.next = undefined;
    this.walks = mostWalks;
  }

  /** Makes the lines of this body those that are expected of the next one. */
  finish(): void {
    this.length = this.next ? this.written : this.position;
    this.lines = this.next ?? this.lines;
    this.next = undefined;
  }

  /** Forgets everything: numbers of lines mean nothing any more. */
  clear(): void {
    this.length = 0;
  }

  /** Notes that the next `steps` steps came as expected. */
  confirm(steps: number): void {
    if (this.next) this.next = this.appended(this.next, this.lines.subarray(this.position, this.position + steps));
    this.position += steps;
  }

  /** Notes a line that was not the expected one, and goes on behind the place where it stands in the script. */
  note(line: number): void {
    if (!this.next) {
      this.next = this.lines.slice();
      this.written = this.position;
    }
    this.next = this.appended(this.next, [line]);
    this.position = this.behind(line);
  }

  private appended(script: Int32Array, lines: ArrayLike<number>): Int32Array {
    const written = this.written + lines.length;
    if (written > longestScript) return script;
    const room = written > script.length ? grownTo(script, written) : script;
    room.set(lines, this.written);
    this.written = written;
    return room;
  }

  private behind(line: number): number {
    const { lines, position } = this;
    const end = Math.min(position + lookahead, this.length);
    for (let ahead = position; ahead < end; ahead++) if (lines[ahead] === line) return ahead + 1;
    // A line that moved far: worth a walk through the whole script, but not for each line of a shuffled body.
    if (this.walks === 0) return position;
    this.walks--;
    const found = lines.indexOf(line);
    return found >= 0 && found < this.length ? found + 1 : position;
  }
}
