import { z } from 'zod';
import { issue } from '../documents/checked-value.js';
import { httpUrl, secretField } from './access-schema.js';
import { address } from './config-schema.js';

/** Alertmanager reads it where it runs, so that a path relative to meshslo.yaml would be of no use to it. */
const secretFile = z.string().superRefine((path, ctx) => {
  if (/^(\/|[A-Za-z]:[\\/])./.test(path)) return;
  const hint = 'the whole path on the machine of Alertmanager, such as /etc/alertmanager/secrets/pager';
  ctx.addIssue(issue('relative-secret-file', `${JSON.stringify(path)} is no absolute path`, hint));
});

const mailAddress = z.string().superRefine((text, ctx) => {
  if (/^[^\p{Cc}\s,]+@[^\p{Cc}\s,]+$/u.test(text)) return;
  ctx.addIssue(issue('bad-mail-address', `${JSON.stringify(text)} is no mail address`, 'such as on-call@example.com'));
});

const email = z
  .strictObject({
    to: z.array(mailAddress).min(1),
    from: mailAddress,
    smarthost: address,
    username: z.string().min(1).optional(),
    password_file: secretFile.optional(),
    password: secretField('password_file'),
    require_tls: z.boolean().default(true),
  })
  .superRefine(({ username, password_file }, ctx) => {
    if ((username === undefined) === (password_file === undefined)) return;
    ctx.addIssue(issue('half-a-login', 'username and password_file go together', 'write both, or none'));
  });

const slack = z.strictObject({
  channel: z.string().min(1),
  api_url_file: secretFile,
  api_url: secretField('api_url_file'),
});

const pagerduty = z.strictObject({
  routing_key_file: secretFile,
  routing_key: secretField('routing_key_file'),
  service_key: secretField('routing_key_file'),
});

const opsgenie = z.strictObject({
  api_key_file: secretFile,
  api_key: secretField('api_key_file'),
  api_url: httpUrl.optional(),
  teams: z.array(z.string().min(1)).default([]),
});

const webhook = z
  .strictObject({
    url: httpUrl,
    bearer_token_file: secretFile.optional(),
    basic_auth: z
      .strictObject({ username: z.string().min(1), password_file: secretFile, password: secretField('password_file') })
      .optional(),
    ca_file: secretFile.optional(),
    bearer_token: secretField('bearer_token_file'),
  })
  .superRefine(({ bearer_token_file, basic_auth }, ctx) => {
    if (bearer_token_file === undefined || basic_auth === undefined) return;
    ctx.addIssue(issue('two-authorizations', 'a request has one authorization: bearer or basic', 'keep one'));
  });

/** `meshslo sensu-bridge`, which makes Sensu's events of Alertmanager's messages. */
const sensu = z.strictObject({ bridge: httpUrl });

/** The ways in which a receiver reaches people, by the key that they are written under. */
const receiverKinds = ['email', 'slack', 'pagerduty', 'opsgenie', 'webhook', 'sensu'] as const;

/** One receiver; the others' mistakes are no business of it. */
export const receiverSchema = z
  .strictObject({
    name: z.string().min(1),
    existing: z.literal(true).optional(),
    email: email.optional(),
    slack: slack.optional(),
    pagerduty: pagerduty.optional(),
    opsgenie: opsgenie.optional(),
    webhook: webhook.optional(),
    sensu: sensu.optional(),
  })
  .superRefine((written, ctx) => {
    const ways = receiverKinds.filter((kind) => written[kind] !== undefined);
    if (written.existing === true && ways.length > 0) {
      const message = 'an existing receiver has its ways where it stands already';
      ctx.addIssue({ ...issue('existing-receiver', message, 'keep existing: true, or the ways'), path: [ways[0]!] });
    }
    if (written.existing === undefined && ways.length === 0) {
      const hint = `at least one of: ${receiverKinds.join(', ')}; or existing: true for one of the file merged into`;
      ctx.addIssue(issue('receiver-without-way', `receiver ${written.name} reaches nobody`, hint));
    }
  });

export type WrittenReceiver = z.infer<typeof receiverSchema>;
