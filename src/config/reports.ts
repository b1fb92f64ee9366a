import type { AccessSettings } from './access-settings.js';

/**
 * Who is sent the report of a week, when, and how.
 *
 * Without a destination, reports are on the page and in the archive only.
 */
export interface ReportSettings {
  /** IANA name; its weeks are reported. */
  readonly timeZone: string;
  readonly schedule: ReportSchedule;
  /** Undefined where nobody gets mail. */
  readonly mail: MailSettings | undefined;
  /** Who gets the report of the whole organisation. */
  readonly organisation: ReportDestination;
  /** Who gets the report of a team: the first that fits its owner. */
  readonly teams: readonly TeamDestination[];
  /** For teams that no rule fits. */
  readonly fallback: ReportDestination;
}

/** When a week's report goes out: the first such moment at or after the end of the week. */
export interface ReportSchedule {
  /** 0 is Sunday. */
  readonly weekday: number;
  /** Minutes since midnight; below 1440. */
  readonly minute: number;
}

/** All ways to the people of one report; no two are the same. */
export interface ReportDestination {
  readonly addresses: readonly MailAddress[];
  readonly slack: readonly SlackSettings[];
  readonly webhooks: readonly ReportWebhookSettings[];
}

export interface TeamDestination extends ReportDestination {
  /** `*` stands for any characters. */
  readonly owner: string;
}

/** One mailbox or mailing list. */
export interface MailAddress {
  /** Shown instead of the address; undefined where nobody wrote one. */
  readonly name: string | undefined;
  /** `local@domain`. */
  readonly address: string;
}

export interface MailSettings {
  readonly from: MailAddress;
  readonly replyTo: MailAddress | undefined;
  readonly transport: MailTransportSettings;
}

export type MailTransportSettings =
  | SmtpSettings
  /** Writes each mail into a folder (absolute), as .eml and as .html. */
  | { readonly kind: 'folder'; readonly folder: string };

export interface SmtpSettings {
  readonly kind: 'smtp';
  readonly host: string;
  readonly port: number;
  /** `starttls` and `tls` send nothing where they cannot encrypt. */
  readonly encryption: 'starttls' | 'tls' | 'none';
  readonly login: { readonly username: string; readonly password: SecretPlace } | undefined;
  /** PEM, absolute; the system's authorities where there is none. */
  readonly caFile: string | undefined;
  /** Name in its certificate, where it is not the host. */
  readonly serverName: string | undefined;
  /** For each step of a conversation; all steps of one mail may take ten times that. */
  readonly timeoutSeconds: number;
  /** Open at the same time, at most. */
  readonly connections: number;
}

/** Where a secret stands; never the secret. */
export type SecretPlace =
  { readonly kind: 'file'; readonly file: string } | { readonly kind: 'environment'; readonly variable: string };

/** An incoming webhook of Slack: its address is the secret. */
export interface SlackSettings {
  /** Absolute. */
  readonly urlFile: string;
}

/** Whoever takes a report as JSON. */
export interface ReportWebhookSettings {
  readonly url: { readonly kind: 'file'; readonly file: string } | { readonly kind: 'open'; readonly url: string };
  readonly timeoutSeconds: number;
  readonly access: AccessSettings;
}
