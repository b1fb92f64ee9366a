import type { Labels } from './exposition.js';

/**
 * The identity of a series as text: the name and the set of its labels, whatever their order.
 *
 * A label without a value is the same as no label.
 *
 * @param without a label that does not count, e.g. `le` where the buckets of one histogram belong together.
 */
export function seriesKey(name: string, labels: Labels, without?: string): string {
  const parts: string[] = [];
  for (const [label, value] of labels) {
    if (value !== '' && label !== without) parts.push(JSON.stringify([label, value]));
  }
  return [name, ...parts.sort()].join();
}
