import type { NotificationSettings, ReceiverSettings } from '../../../src/config/notifications.js';

/** A receiver that is reached over the web. */
export function hook(name: string, url = `http://127.0.0.1:9/${name}`): ReceiverSettings {
  return { name, existing: false, webhook: { url } };
}

/** Settings in which pages go to `pager` and tickets to `mail`, but for what is said. */
export function notifications(said: Partial<NotificationSettings> = {}): NotificationSettings {
  const grouping = { by: ['alertname', 'cluster'], waitSeconds: 60, intervalSeconds: 300, repeatSeconds: 86_400 };
  return {
    receivers: [hook('pager'), hook('mail'), ...(said.receivers ?? [])],
    fallback: { page: 'pager', ticket: 'mail' },
    owners: [],
    heartbeat: undefined,
    muteTimes: [],
    grouping: { page: grouping, ticket: grouping },
    mergeInto: undefined,
    ...Object.fromEntries(Object.entries(said).filter(([key]) => key !== 'receivers')),
  };
}
