import { accessSync, constants } from 'node:fs';
import { resolve } from 'node:path';
import type { Diagnostic } from '../domain/diagnostic.js';
import { mistake } from '../documents/checked-value.js';
import { present } from '../documents/present.js';
import type { ValuePath, YamlDocument } from '../documents/yaml-document.js';
import type { WrittenAccess } from './access-schema.js';
import type { AccessSettings } from './access-settings.js';

/** Certificates and login with absolute paths. */
export function accessOf({ tls, authorization, basic_auth }: WrittenAccess, folder: string): AccessSettings {
  const at = (file: string | undefined): string | undefined => (file === undefined ? undefined : resolve(folder, file));
  return present({
    tls:
      tls &&
      present({
        caFile: at(tls.ca_file),
        certFile: at(tls.cert_file),
        keyFile: at(tls.key_file),
        serverName: tls.server_name,
        insecureSkipVerify: tls.insecure_skip_verify,
      }),
    authorization: authorization
      ? { kind: 'bearer' as const, tokenFile: resolve(folder, authorization.bearer_token_file) }
      : basic_auth && {
          kind: 'basic' as const,
          username: basic_auth.username,
          passwordFile: resolve(folder, basic_auth.password_file),
        },
  });
}

/**
 * Two logins at once, and files that cannot be read. These may be mounted later or on another machine, so that is no more
 * than a warning, with what follows from it.
 */
export function checkAccess(
  document: YamlDocument,
  path: ValuePath,
  access: WrittenAccess,
  { folder, consequence }: { readonly folder: string; readonly consequence: string },
): readonly Diagnostic[] {
  const files: [ValuePath, string | undefined][] = [
    ...(['ca_file', 'cert_file', 'key_file'] as const).map((key): [ValuePath, string | undefined] => [
      ['tls', key],
      access.tls?.[key],
    ]),
    [['authorization', 'bearer_token_file'], access.authorization?.bearer_token_file],
    [['basic_auth', 'password_file'], access.basic_auth?.password_file],
  ];
  return [
    ...checkAuthorization(document, path, access),
    ...files.flatMap(([key, file]) => {
      if (file === undefined || isReadable(resolve(folder, file))) return [];
      const message = `${file} cannot be read`;
      return [
        mistake(document, [...path, ...key], 'file-unreadable', message, { hint: consequence, severity: 'warning' }),
      ];
    }),
  ];
}

function checkAuthorization(document: YamlDocument, at: ValuePath, access: WrittenAccess): readonly Diagnostic[] {
  if (access.authorization === undefined || access.basic_auth === undefined) return [];
  const message = 'a request has one authorization: bearer or basic';
  return [mistake(document, [...at, 'basic_auth'], 'two-authorizations', message, { hint: 'keep one', part: 'key' })];
}

export function isReadable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
