import type { BlockWriter } from '../tsdb/block-writer.js';
import type { ServiceStory } from './service-story.js';
import { tellService, type TellOptions, type Truth } from './told-service.js';
import type { ToldTime } from './told-time.js';

/** The truth about every service of a fleet, in the order of the SLIs that were asked for. */
export type ToldFleet = ReadonlyMap<ServiceStory, readonly Truth[]>;

/** Tells the stories of a fleet into a block, which is not published yet. */
export function tellFleet(
  block: BlockWriter,
  stories: readonly ServiceStory[],
  time: ToldTime,
  options: TellOptions,
): ToldFleet {
  return new Map(
    stories.map((story) => [
      story,
      tellService(story, time, options, (labels, times, values, length) => block.add(labels, times, values, length)),
    ]),
  );
}
