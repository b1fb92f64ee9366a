import type { NotificationSettings } from '../../config/notifications.js';
import { ownParts } from './own-parts.js';
import { receiverOf, timing } from './routes.js';
import { yamlText } from './yaml-text.js';

const header = `# Made by meshslo generate out of the section notifications of meshslo.yaml; what is written here by hand is lost with
# the next run. To keep a configuration of your own, name it there as merge_into.
`;

/** A configuration of Alertmanager of which everything is ours; alerts that are not are tickets to the default receiver. */
export function wholeFile(settings: NotificationSettings): string {
  const { route, receivers, inhibitRules, timeIntervals } = ownParts(settings);
  const document = {
    route: { ...receiverOf(settings, settings.fallback.ticket), ...timing(settings, 'ticket'), routes: [route] },
    inhibit_rules: inhibitRules,
    ...(timeIntervals.length > 0 && { time_intervals: timeIntervals }),
    receivers,
  };
  return `${header}${yamlText(document)}`;
}
