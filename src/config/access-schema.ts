import { z } from 'zod';
import { issue } from '../documents/checked-value.js';

/** A key under which a secret would stand in the open; refused without repeating it. */
export function secretField(key: string) {
  return z
    .unknown()
    .optional()
    .superRefine((value, ctx) => {
      if (value === undefined) return;
      ctx.addIssue(
        issue(
          'secret-in-the-open',
          'a secret does not belong into a configuration',
          `put it into a file and name that as ${key}`,
        ),
      );
    });
}

const tls = z
  .strictObject({
    ca_file: z.string().min(1).optional(),
    cert_file: z.string().min(1).optional(),
    key_file: z.string().min(1).optional(),
    server_name: z.string().min(1).optional(),
    insecure_skip_verify: z.boolean().optional(),
  })
  .superRefine(({ cert_file, key_file }, ctx) => {
    if ((cert_file === undefined) === (key_file === undefined)) return;
    ctx.addIssue(issue('half-a-certificate', 'cert_file and key_file go together', 'write both, or none'));
  });

const authorization = z.strictObject({
  bearer_token_file: z.string().min(1),
  bearer_token: secretField('bearer_token_file'),
  credentials: secretField('bearer_token_file'),
});

const basicAuth = z.strictObject({
  username: z.string().min(1),
  password_file: z.string().min(1),
  password: secretField('password_file'),
});

/** Certificates and login of whatever is asked over HTTP. */
export const accessFields = {
  tls: tls.optional(),
  authorization: authorization.optional(),
  basic_auth: basicAuth.optional(),
};

/** An address without a secret in it. */
export const httpUrl = z.string().superRefine((text, ctx) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    ctx.addIssue(issue('bad-url', 'no address of a web server', 'http://host:port/path'));
  } else if (url.username !== '' || url.password !== '') {
    ctx.addIssue(
      issue('secret-in-the-open', 'a secret does not belong into an address', 'write basic_auth with password_file'),
    );
  }
});

export type WrittenAccess = z.infer<z.ZodObject<typeof accessFields>>;
