import type { MetricStore } from '../prometheus/metric-store.js';
import type { ServiceStory } from './service-story.js';
import { tellService, type TellOptions, type Truth } from './told-service.js';
import type { ToldTime } from './told-time.js';

/** The truth about every service of a fleet, in the order of the SLIs that were asked for. */
export type ToldFleet = ReadonlyMap<ServiceStory, readonly Truth[]>;

/** Tells the stories of a fleet into a store, which has to settle afterwards. */
export function tellFleet(
  store: Pick<MetricStore, 'add'>,
  stories: readonly ServiceStory[],
  time: ToldTime,
  options: TellOptions,
): ToldFleet {
  return new Map(
    stories.map((story) => [
      story,
      tellService(story, time, options, (labels, times, values, length) => store.add(labels, times, values, length)),
    ]),
  );
}
