import type { StorySpan } from './stories.js';

/** The span of a story, cut into cells; events have a cell, and a scrape sees all cells that have ended. */
export interface ToldTime extends StorySpan {
  readonly cellSeconds: number;
  readonly scrapeSeconds: number;
}

export function cellCount({ from, to, cellSeconds }: ToldTime): number {
  return Math.round((to - from) / cellSeconds);
}
