/** Settings by the keys and in the words of the files: `99.9%`, `30s`, `{ time_slices: 15m }`. */
export type Words = string | readonly Words[] | WordMap;

export interface WordMap {
  readonly [key: string]: Words;
}
