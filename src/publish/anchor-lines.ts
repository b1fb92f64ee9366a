/** Where the same line stands in two texts, counted from 0. */
export interface Anchor {
  readonly old: number;
  readonly now: number;
}

/**
 * Lines that both texts have once each and in the same order: as many of them as there can be. A difference goes from one to
 * the next, so that what lies between is small, and texts that share little are told apart soon.
 *
 * @see https://bramcohen.livejournal.com/73318.html (patience diff)
 */
export function anchorLines(old: readonly string[], now: readonly string[]): readonly Anchor[] {
  const [places, others] = [placesOf(old), placesOf(now)];
  const common = [...places].flatMap(([text, place]) => {
    const other = others.get(text);
    return place === undefined || other === undefined ? [] : [{ old: place, now: other }];
  });
  return longestRise(common);
}

/** Where each line stands; undefined for those that are there more often. */
function placesOf(lines: readonly string[]): ReadonlyMap<string, number | undefined> {
  const places = new Map<string, number | undefined>();
  for (const [index, text] of lines.entries()) places.set(text, places.has(text) ? undefined : index);
  return places;
}

/** Of anchors by their places in the old text, the most whose places in the new one rise, too. */
function longestRise(anchors: readonly Anchor[]): readonly Anchor[] {
  interface Link {
    readonly anchor: Anchor;
    readonly before: Link | undefined;
  }
  /** The last of the best row of each length. */
  const ends: Link[] = [];
  for (const anchor of anchors) {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ends[middle]!.anchor.now < anchor.now) low = middle + 1;
      else high = middle;
    }
    ends[low] = { anchor, before: ends[low - 1] };
  }
  const row: Anchor[] = [];
  for (let link = ends.at(-1); link; link = link.before) row.push(link.anchor);
  return row.reverse();
}
