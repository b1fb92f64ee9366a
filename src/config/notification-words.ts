import { formatDuration } from '../domain/duration.js';
import { clockTime, weekdayNames } from '../domain/weekday.js';
import { present } from '../documents/present.js';
import type { GroupingSettings, MuteTime, NotificationSettings, ReceiverSettings } from './notifications.js';
import type { WordMap } from './words.js';

/** The section as people would write it, defaults filled in; receivers and mute times by name. */
export function notificationWords(settings: NotificationSettings, fileWord: (path: string) => string): WordMap {
  const { receivers, fallback, owners, heartbeat, muteTimes, grouping, mergeInto } = settings;
  return present({
    receivers: Object.fromEntries(receivers.map((receiver) => [receiver.name, receiverWords(receiver)])),
    default: { ...fallback },
    owners: owners.map(({ owner, receivers: chosen }) => present({ owner, ...chosen })),
    heartbeat: heartbeat && { receiver: heartbeat.receiver, every: formatDuration(heartbeat.everySeconds) },
    mute: Object.fromEntries(muteTimes.map((mute) => [mute.name, muteWords(mute)])),
    grouping: { page: groupingWords(grouping.page), ticket: groupingWords(grouping.ticket) },
    merge_into: mergeInto && fileWord(mergeInto),
  });
}

function receiverWords(receiver: ReceiverSettings): WordMap {
  const { existing, email, slack, pagerduty, opsgenie, webhook, sensu } = receiver;
  return present({
    existing: existing ? 'true' : undefined,
    email:
      email &&
      present({
        to: email.to,
        from: email.from,
        smarthost: email.smarthost,
        username: email.login?.username,
        password_file: email.login?.passwordFile,
        require_tls: String(email.requireTls),
      }),
    slack: slack && { channel: slack.channel, api_url_file: slack.apiUrlFile },
    pagerduty: pagerduty && { routing_key_file: pagerduty.routingKeyFile },
    opsgenie:
      opsgenie && present({ api_key_file: opsgenie.apiKeyFile, api_url: opsgenie.apiUrl, teams: opsgenie.teams }),
    webhook: webhook && present({ url: webhook.url, ...loginWords(webhook.login), ca_file: webhook.caFile }),
    sensu: sensu && { bridge: sensu.bridgeUrl },
  });
}

function loginWords(login: NonNullable<ReceiverSettings['webhook']>['login']): WordMap {
  if (login === undefined) return {};
  if (login.kind === 'bearer') return { bearer_token_file: login.tokenFile };
  return { basic_auth: { username: login.username, password_file: login.passwordFile } };
}

function muteWords({ severity, owner, weekdays, hours, timeZone }: MuteTime): WordMap {
  return present({
    severity,
    owner,
    weekdays: weekdays.map((day) => weekdayNames[day]!),
    hours: hours.map(({ fromMinute, toMinute }) => `${clockTime(fromMinute)}-${clockTime(toMinute)}`),
    time_zone: timeZone,
  });
}

function groupingWords({ by, waitSeconds, intervalSeconds, repeatSeconds }: GroupingSettings): WordMap {
  return {
    by,
    wait: formatDuration(waitSeconds),
    interval: formatDuration(intervalSeconds),
    repeat: formatDuration(repeatSeconds),
  };
}
