import type { EmailSettings, ReceiverSettings, WebhookSettings } from '../../config/notifications.js';
import {
  bodyText,
  opsgeniePriority,
  pageLink,
  pagerdutySeverity,
  slackText,
  slackTitle,
  titleText,
} from './message-texts.js';

/** A part of Alertmanager's configuration. */
export type Section = Readonly<Record<string, unknown>>;

/** Ours are told from the user's by this, whatever people call them. */
export const ownPrefix = 'meshslo/';

/** Gets what nobody asked for. */
export const nobody = `${ownPrefix}nobody`;

/** What Alertmanager calls a receiver. */
export function receiverName({ name, existing }: Pick<ReceiverSettings, 'name' | 'existing'>): string {
  return existing ? name : `${ownPrefix}${name}`;
}

/** A receiver with all its ways. Secrets are files, read by Alertmanager. */
export function receiverSection(receiver: ReceiverSettings): Section {
  const { email, slack, pagerduty, opsgenie, webhook, sensu } = receiver;
  const webhooks = [...(webhook ? [webhook] : []), ...(sensu ? [{ url: sensu.bridgeUrl }] : [])];
  return {
    name: receiverName(receiver),
    ...(email && { email_configs: email.to.map((to) => emailSection(to, email)) }),
    ...(slack && {
      slack_configs: [
        {
          send_resolved: true,
          api_url_file: slack.apiUrlFile,
          channel: slack.channel,
          title: slackTitle,
          title_link: pageLink,
          text: slackText,
          fallback: slackTitle,
        },
      ],
    }),
    ...(pagerduty && {
      pagerduty_configs: [
        {
          send_resolved: true,
          routing_key_file: pagerduty.routingKeyFile,
          description: titleText,
          severity: pagerdutySeverity,
          client: 'meshslo',
          client_url: pageLink,
          class: '{{ .CommonLabels.alertname }}',
          component: '{{ .CommonLabels.service }}',
          group: '{{ .CommonLabels.cluster }} {{ .CommonLabels.namespace }}',
          details: { alerts: bodyText },
        },
      ],
    }),
    ...(opsgenie && {
      opsgenie_configs: [
        {
          send_resolved: true,
          api_key_file: opsgenie.apiKeyFile,
          ...(opsgenie.apiUrl && { api_url: opsgenie.apiUrl }),
          message: titleText,
          description: bodyText,
          priority: opsgeniePriority,
          source: 'meshslo',
          ...(opsgenie.teams.length > 0 && { responders: opsgenie.teams.map((name) => ({ name, type: 'team' })) }),
        },
      ],
    }),
    ...(webhooks.length > 0 && { webhook_configs: webhooks.map(webhookSection) }),
  };
}

/** One to each address: who cannot be reached then keeps nobody else from being so. */
function emailSection(to: string, { from, smarthost, login, requireTls }: EmailSettings): Section {
  return {
    send_resolved: true,
    to,
    from,
    smarthost,
    ...(login && { auth_username: login.username, auth_password_file: login.passwordFile }),
    require_tls: requireTls,
    headers: { Subject: titleText },
    // Plain text: a label is no place for somebody else's HTML.
    html: '',
    text: bodyText,
  };
}

function webhookSection({ url, login, caFile }: WebhookSettings): Section {
  const http = {
    ...(login?.kind === 'bearer' && { authorization: { credentials_file: login.tokenFile } }),
    ...(login?.kind === 'basic' && { basic_auth: { username: login.username, password_file: login.passwordFile } }),
    ...(caFile && { tls_config: { ca_file: caFile } }),
  };
  return { send_resolved: true, url, ...(Object.keys(http).length > 0 && { http_config: http }) };
}
