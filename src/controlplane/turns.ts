/** Things of which not all can be asked at every look: who was asked longest ago comes first, and who is new before them. */
export class Turns<T> {
  #line: readonly T[] = [];

  /** Those that there are now, in the order in which they are to be asked. */
  order(things: Iterable<T>): readonly T[] {
    const there = new Set(things);
    const known = this.#line.filter((one) => there.has(one));
    const inLine = new Set(known);
    this.#line = [...[...there].filter((one) => !inLine.has(one)), ...known];
    return this.#line;
  }

  /** These have had their turn. */
  pass(asked: ReadonlySet<T>): void {
    this.#line = [...this.#line.filter((one) => !asked.has(one)), ...asked];
  }
}
