import type { AlertSeverity } from '../domain/alert.js';

/**
 * Who is told of alerts, where and when: what the generated Alertmanager configuration is made of.
 *
 * Files of secrets are absolute paths on the machine of Alertmanager; meshslo never opens them.
 */
export interface NotificationSettings {
  readonly receivers: readonly ReceiverSettings[];
  /** For owners that no rule names, for alerts without one, and for those of meshslo itself. */
  readonly fallback: ReceiverChoice;
  /** In order; the first that fits an owner and names a receiver for the severity counts. */
  readonly owners: readonly OwnerRoute[];
  /** Who expects the watchdog; undefined where nobody does: then nobody is told of it. */
  readonly heartbeat: HeartbeatSettings | undefined;
  readonly muteTimes: readonly MuteTime[];
  readonly grouping: Readonly<Record<RoutedSeverity, GroupingSettings>>;
  /** The user's own Alertmanager configuration, absolute: ours is merged into it. Undefined: ours is the whole. */
  readonly mergeInto: string | undefined;
}

/** Severities that go to people. */
export type RoutedSeverity = Exclude<AlertSeverity, 'heartbeat'>;

export const routedSeverities: readonly RoutedSeverity[] = ['page', 'ticket'];

/** The names of a receiver for each severity. */
export type ReceiverChoice = Readonly<Record<RoutedSeverity, string>>;

/** Where the alerts of an owner go; a severity that it does not name goes on to the next rule. */
export interface OwnerRoute {
  /** `*` stands for any characters. */
  readonly owner: string;
  readonly receivers: Partial<ReceiverChoice>;
}

export interface HeartbeatSettings {
  readonly receiver: string;
  readonly everySeconds: number;
}

/** When nobody is told. */
export interface MuteTime {
  readonly name: string;
  readonly severity: RoutedSeverity;
  /** Pattern as in {@link OwnerRoute}; undefined: everybody's. */
  readonly owner: string | undefined;
  /** 0 is Sunday, as Alertmanager counts; empty: every day. */
  readonly weekdays: readonly number[];
  /** Empty: the whole day. */
  readonly hours: readonly HourRange[];
  /** IANA name. */
  readonly timeZone: string;
}

/** Minutes since midnight; one that ends before it begins ends on the next day. */
export interface HourRange {
  readonly fromMinute: number;
  readonly toMinute: number;
}

/** What becomes one message, and how often it is sent. */
export interface GroupingSettings {
  /** Names of labels. */
  readonly by: readonly string[];
  readonly waitSeconds: number;
  readonly intervalSeconds: number;
  readonly repeatSeconds: number;
}

/** A name with one or more ways to people; `existing` stands in the file that is merged into, with its ways. */
export interface ReceiverSettings {
  readonly name: string;
  readonly existing: boolean;
  readonly email?: EmailSettings;
  readonly slack?: SlackSettings;
  readonly pagerduty?: PagerDutySettings;
  readonly opsgenie?: OpsgenieSettings;
  readonly webhook?: WebhookSettings;
  /** Where `meshslo sensu-bridge` listens. */
  readonly sensu?: { readonly bridgeUrl: string };
}

export interface EmailSettings {
  readonly to: readonly string[];
  readonly from: string;
  /** `host:port`. */
  readonly smarthost: string;
  readonly login?: { readonly username: string; readonly passwordFile: string };
  readonly requireTls: boolean;
}

export interface SlackSettings {
  readonly channel: string;
  readonly apiUrlFile: string;
}

export interface PagerDutySettings {
  readonly routingKeyFile: string;
}

export interface OpsgenieSettings {
  readonly apiKeyFile: string;
  readonly apiUrl?: string;
  /** Names of Opsgenie's teams. */
  readonly teams: readonly string[];
}

export interface WebhookSettings {
  /** In the open: Alertmanager 0.25 knows no file for it. */
  readonly url: string;
  readonly login?:
    | { readonly kind: 'bearer'; readonly tokenFile: string }
    | { readonly kind: 'basic'; readonly username: string; readonly passwordFile: string };
  readonly caFile?: string;
}
