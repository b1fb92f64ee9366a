import { resolve } from 'node:path';
import type { Diagnostic } from '../domain/diagnostic.js';
import { checkPart, mistake } from '../documents/checked-value.js';
import type { CheckedValue } from '../documents/checked-value.js';
import { wordHint } from '../documents/nearest-word.js';
import { present } from '../documents/present.js';
import type { ValuePath, YamlDocument } from '../documents/yaml-document.js';
import { notificationSchema } from './notification-schema.js';
import type { WrittenNotifications } from './notification-schema.js';
import type { NotificationSettings, ReceiverSettings } from './notifications.js';
import { receiverSchema } from './receiver-schema.js';
import type { WrittenReceiver } from './receiver-schema.js';
import { receiverUses } from './receiver-uses.js';

/** The section `notifications` with everything filled in, or every mistake of it; no value where there is no such section. */
export function checkNotifications(document: YamlDocument, folder: string): CheckedValue<NotificationSettings> {
  const { notifications } = document.value as { notifications?: { receivers?: unknown } | null };
  if (notifications === undefined) return { diagnostics: [] };
  const { value: written, diagnostics: found } = checkPart(document, ['notifications'], notificationSchema);
  const list = notifications?.receivers;
  const checked = (Array.isArray(list) ? list : []).map((_, index) =>
    checkPart(document, receiverPath(index), receiverSchema),
  );
  const diagnostics = [...found, ...checked.flatMap((one) => one.diagnostics)];
  const receivers = checked.map(({ value }) => value);
  if (written === undefined) return { diagnostics };
  diagnostics.push(...checkReceivers(document, written, receivers), ...checkMuteNames(document, written));
  return { value: settingsOf(written, receivers, folder), diagnostics };
}

function receiverPath(index: number): ValuePath {
  return ['notifications', 'receivers', index];
}

type Written = readonly (WrittenReceiver | undefined)[];

function checkReceivers(
  document: YamlDocument,
  written: WrittenNotifications,
  receivers: Written,
): readonly Diagnostic[] {
  const names = receivers.map((receiver) => receiver?.name);
  const uses = receiverUses(written);
  const twice = names.flatMap((name, index) =>
    name === undefined || names.indexOf(name) === index
      ? []
      : [mistake(document, [...receiverPath(index), 'name'], 'duplicate-receiver', `receiver ${name} is there twice`)],
  );
  const strangers = uses
    // A receiver with a mistake of its own has no name here, but whoever means it means something.
    .filter(({ name }) => !names.includes(name) && !names.includes(undefined))
    .map(({ name, path }) => {
      const hint = wordHint(name, names as readonly string[]);
      return mistake(document, path, 'unknown-receiver', `there is no receiver ${JSON.stringify(name)}`, { hint });
    });
  const idle = names.flatMap((name, index) => {
    if (name === undefined || uses.some((use) => use.name === name)) return [];
    const message = `receiver ${name} gets nothing`;
    const path = [...receiverPath(index), 'name'];
    return [mistake(document, path, 'idle-receiver', message, { severity: 'warning', hint: 'name it under owners' })];
  });
  const lost = receivers.flatMap((receiver, index) => {
    if (receiver?.existing === undefined || written.merge_into !== undefined) return [];
    const hint = 'write merge_into, the Alertmanager configuration that has it';
    const message = `receiver ${receiver.name} is said to exist, but nothing is merged into`;
    return [mistake(document, [...receiverPath(index), 'existing'], 'existing-where', message, { hint })];
  });
  return [...twice, ...strangers, ...idle, ...lost];
}

function checkMuteNames(document: YamlDocument, { mute }: WrittenNotifications): readonly Diagnostic[] {
  return mute.flatMap(({ name }, index) => {
    if (mute.findIndex((one) => one.name === name) === index) return [];
    const path = ['notifications', 'mute', index, 'name'];
    return [mistake(document, path, 'duplicate-mute-time', `mute time ${name} is there twice`)];
  });
}

function settingsOf(written: WrittenNotifications, receivers: Written, folder: string): NotificationSettings {
  const { default: fallback, owners, heartbeat, mute, grouping, merge_into } = written;
  return {
    receivers: receivers.flatMap((receiver) => (receiver === undefined ? [] : [receiverOf(receiver)])),
    fallback: typeof fallback === 'string' ? { page: fallback, ticket: fallback } : fallback,
    owners: owners.map(({ owner, receiver, page = receiver, ticket = receiver }) => ({
      owner,
      receivers: present({ page, ticket }),
    })),
    heartbeat: heartbeat && { receiver: heartbeat.receiver, everySeconds: heartbeat.every },
    muteTimes: mute.map(({ name, severity, owner, weekdays = [], hours = [], time_zone }) => ({
      name,
      severity,
      owner,
      weekdays: [...new Set(weekdays.flat())].sort(),
      hours,
      timeZone: time_zone,
    })),
    grouping: { page: groupingOf(grouping.page), ticket: groupingOf(grouping.ticket) },
    mergeInto: merge_into === undefined ? undefined : resolve(folder, merge_into),
  };
}

function groupingOf({ by, wait, interval, repeat }: WrittenNotifications['grouping']['page']) {
  return { by, waitSeconds: wait, intervalSeconds: interval, repeatSeconds: repeat };
}

function receiverOf(written: WrittenReceiver): ReceiverSettings {
  const { name, existing, email, slack, pagerduty, opsgenie, webhook, sensu } = written;
  return present({
    name,
    existing: existing === true,
    email:
      email &&
      present({
        to: email.to,
        from: email.from,
        smarthost: email.smarthost,
        login: login(email.username, email.password_file),
        requireTls: email.require_tls,
      }),
    slack: slack && { channel: slack.channel, apiUrlFile: slack.api_url_file },
    pagerduty: pagerduty && { routingKeyFile: pagerduty.routing_key_file },
    opsgenie:
      opsgenie && present({ apiKeyFile: opsgenie.api_key_file, apiUrl: opsgenie.api_url, teams: opsgenie.teams }),
    webhook:
      webhook &&
      present({
        url: webhook.url,
        login: webhook.bearer_token_file
          ? { kind: 'bearer' as const, tokenFile: webhook.bearer_token_file }
          : webhook.basic_auth && {
              kind: 'basic' as const,
              username: webhook.basic_auth.username,
              passwordFile: webhook.basic_auth.password_file,
            },
        caFile: webhook.ca_file,
      }),
    sensu: sensu && { bridgeUrl: sensu.bridge },
  });
}

/** The schema has both or none. */
function login(username: string | undefined, passwordFile: string | undefined) {
  return username === undefined || passwordFile === undefined ? undefined : { username, passwordFile };
}
