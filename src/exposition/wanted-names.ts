const wordBytes = 4;
/** As far into a name as the word stands by which it is recognised: names differ behind a prefix such as `istio_`. */
const prefixBytes = 12;

/**
 * The names of the samples that somebody wants; a handful, known beforehand.
 *
 * Most lines of a body have other names, and that takes less than reading the name: all wanted names have their *word*,
 * four bytes, at the same place, and a line is of none of them if another word stands there.
 */
export class WantedNames {
  /** So many bytes behind the start of a line must belong to the body for `mayStand` to be asked. */
  readonly reach: number;
  private readonly names: readonly Uint8Array[];
  private readonly wordAt: number;
  private readonly words: WordTable;
  /** Of each name that has a word: its last four bytes, and where they begin. */
  private readonly tails: Int32Array;
  private readonly tailsAt: Int32Array;
  /** 1 for the first byte of a name that is shorter than a word. */
  private readonly shortNames = new Uint8Array(256);

  constructor(names: Iterable<string>) {
    this.names = Array.from(new Set(names), (name) => new TextEncoder().encode(name)).filter(
      ({ length }) => length > 0,
    );
    for (const name of this.names) if (name.length < wordBytes) this.shortNames[name[0]!] = 1;
    const long = this.names.filter(({ length }) => length >= wordBytes);
    this.wordAt = Math.min(prefixBytes, ...long.map(({ length }) => length - wordBytes));
    this.reach = Math.max(this.wordAt + wordBytes, ...long.map(({ length }) => length));
    this.words = new WordTable(long.map((name) => wordOf(name, this.wordAt)));
    this.tailsAt = Int32Array.from(long, ({ length }) => length - wordBytes);
    this.tails = Int32Array.from(long, (name) => wordOf(name, name.length - wordBytes));
  }

  /** Whether the bytes in [start, end) are a wanted name. */
  has(bytes: Uint8Array, start: number, end: number): boolean {
    return this.names.some((name) => {
      if (name.length !== end - start) return false;
      let index = 0;
      while (index < name.length && name[index] === bytes[start + index]) index++;
      return index === name.length;
    });
  }

  /** False only where the line at `at` certainly has no wanted name; `first` is its first byte. */
  mayStand(view: DataView, at: number, first: number): boolean {
    return (
      this.shortNames[first] !== 0 || (this.words.has(view.getInt32(at + this.wordAt, true)) && this.endsAs(view, at))
    );
  }

  /** Whether the end of a wanted name stands where it has to: histograms differ from their sums by that alone. */
  private endsAs(view: DataView, at: number): boolean {
    const { tails, tailsAt } = this;
    for (let name = 0; name < tails.length; name++) {
      if (view.getInt32(at + tailsAt[name]!, true) === tails[name]) return true;
    }
    return false;
  }
}

/** A set of words of 32 bits, each in a slot of its own, so that one look tells. */
class WordTable {
  private readonly slots: Int32Array;
  private readonly factor: number;
  private readonly shift: number;

  constructor(words: readonly number[]) {
    const distinct = [...new Set(words)];
    // So many slots that two words share one by less than even chance, and a factor is soon found.
    const bits = Math.max(1, Math.ceil(Math.log2(distinct.length ** 2 + 1)));
    this.shift = 32 - bits;
    let factor = 0x9e3779b1 | 0;
    const slotsOf = (): Set<number> => new Set(distinct.map((word) => Math.imul(word, factor) >>> this.shift));
    while (slotsOf().size < distinct.length) factor = (factor + 0x2545f492) | 0;
    this.factor = factor;
    // An empty slot holds a word whose slot is another one, and that is never looked for here.
    this.slots = new Int32Array(1 << bits).fill(distinct[0] ?? 0);
    for (const word of distinct) this.slots[Math.imul(word, factor) >>> this.shift] = word;
  }

  /** True for every word of the set, and for no other as long as there is any. */
  has(word: number): boolean {
    return this.slots[Math.imul(word, this.factor) >>> this.shift] === word;
  }
}

function wordOf(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getInt32(at, true);
}
