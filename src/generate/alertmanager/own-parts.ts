import type { NotificationSettings } from '../../config/notifications.js';
import { inhibitRules } from './inhibition.js';
import { timeInterval } from './mute-times.js';
import type { Section } from './receivers.js';
import { nobody, receiverSection } from './receivers.js';
import { ownRoute } from './routes.js';

/** All that meshslo has to say to an Alertmanager, by where it stands in its configuration. */
export interface OwnParts {
  readonly route: Section;
  readonly receivers: readonly Section[];
  readonly inhibitRules: readonly Section[];
  readonly timeIntervals: readonly Section[];
}

/** The parts for a configuration; the same settings give the same parts. */
export function ownParts(settings: NotificationSettings): OwnParts {
  const own = settings.receivers.filter(({ existing }) => !existing);
  return {
    route: ownRoute(settings),
    receivers: [...own.map(receiverSection), ...(settings.heartbeat === undefined ? [{ name: nobody }] : [])],
    inhibitRules,
    timeIntervals: settings.muteTimes.map(timeInterval),
  };
}
