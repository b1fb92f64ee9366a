import { BlockWriter } from '../tsdb/block-writer.js';
import type { ServiceStory } from './service-story.js';
import { tellService, type TellOptions, type Truth } from './told-service.js';
import type { ToldTime } from './told-time.js';

/** What was written for a fleet, and the truth about it. */
export interface ToldFleet {
  readonly stories: readonly ServiceStory[];
  /** By service, in the order of the SLIs that were asked for. */
  readonly truths: ReadonlyMap<ServiceStory, readonly Truth[]>;
  readonly seriesCount: number;
  readonly samples: number;
}

/** Tells the stories of a fleet into a storage folder of Prometheus, as one block. */
export function tellFleet(
  storage: string,
  stories: readonly ServiceStory[],
  time: ToldTime,
  options: TellOptions,
): ToldFleet {
  const block = new BlockWriter(storage, 1);
  const truths = new Map(
    stories.map((story) => [
      story,
      tellService(story, time, options, (labels, times, values, length) => block.add(labels, times, values, length)),
    ]),
  );
  const { seriesCount, samples } = block;
  block.finish();
  return { stories, truths, seriesCount, samples };
}
