import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { Failure } from '../../domain/failure.js';
import type { Credentials } from '../api-client.js';

const named = <Key extends string, T extends z.ZodType>(key: Key, value: T) =>
  z.array(z.looseObject({ name: z.string(), [key]: value } as { name: z.ZodString } & Record<Key, T>)).default([]);

const schema = z.looseObject({
  'current-context': z.string().optional(),
  contexts: named('context', z.looseObject({ cluster: z.string(), user: z.string() })),
  clusters: named(
    'cluster',
    z.looseObject({
      server: z.string(),
      'certificate-authority': z.string().optional(),
      'certificate-authority-data': z.string().optional(),
      'insecure-skip-tls-verify': z.boolean().optional(),
      'tls-server-name': z.string().optional(),
    }),
  ),
  users: named(
    'user',
    z.looseObject({
      token: z.string().optional(),
      tokenFile: z.string().optional(),
      'client-certificate': z.string().optional(),
      'client-certificate-data': z.string().optional(),
      'client-key': z.string().optional(),
      'client-key-data': z.string().optional(),
      username: z.string().optional(),
      password: z.string().optional(),
      exec: z.unknown().optional(),
      'auth-provider': z.unknown().optional(),
    }),
  ),
});

/**
 * Credentials of one context of a kubeconfig file, read again when the file or one that it names changes.
 *
 * Programs that make tokens (`exec`, `auth-provider`) are not run: a service account's token is meant for this.
 */
export function kubeconfigCredentials(file: string, context: string | undefined): () => Promise<Credentials> {
  let last: { readonly stamp: string; readonly credentials: Credentials } | undefined;
  return async () => {
    const text = await read(file);
    const { user, cluster } = chosen(text, file, context);
    const at = (path: string): string => resolve(dirname(file), path);
    const files = [
      user.tokenFile,
      user['client-certificate'],
      user['client-key'],
      cluster['certificate-authority'],
    ].filter((path) => path !== undefined);
    const stamps = [text, ...(await Promise.all(files.map((path) => stampOf(at(path)))))].join(' ');
    if (last?.stamp === stamps) return last.credentials;
    const pem = async (path: string | undefined, data: string | undefined): Promise<string | undefined> => {
      if (data !== undefined) return Buffer.from(data, 'base64').toString();
      return path === undefined ? undefined : read(at(path));
    };
    const token = user.token ?? (user.tokenFile === undefined ? undefined : (await read(at(user.tokenFile))).trim());
    const credentials: Credentials = {
      url: cluster.server.replace(/\/+$/, ''),
      authorization: token !== undefined ? `Bearer ${token}` : basic(user),
      headers: {},
      tls: withoutUndefined({
        ca: await pem(cluster['certificate-authority'], cluster['certificate-authority-data']),
        cert: await pem(user['client-certificate'], user['client-certificate-data']),
        key: await pem(user['client-key'], user['client-key-data']),
        servername: cluster['tls-server-name'],
        rejectUnauthorized: cluster['insecure-skip-tls-verify'] !== true,
      }),
    };
    last = { stamp: stamps, credentials };
    return credentials;
  };
}

function chosen(text: string, file: string, asked: string | undefined) {
  const result = schema.safeParse(parsedYaml(text, file));
  if (!result.success) throw unusable(file, 'it is no kubeconfig');
  const { contexts, clusters, users } = result.data;
  const name = asked ?? result.data['current-context'];
  const context = contexts.find((one) => one.name === name)?.context;
  if (!context) throw unusable(file, name ? `it has no context ${name}` : 'it names no current-context');
  const cluster = clusters.find((one) => one.name === context.cluster)?.cluster;
  const user = users.find((one) => one.name === context.user)?.user;
  if (!cluster || !user) throw unusable(file, `context ${name} names a cluster or a user that is not there`);
  const hasLogin =
    user.token ?? user.tokenFile ?? user['client-certificate'] ?? user['client-certificate-data'] ?? user.username;
  if (hasLogin === undefined && (user.exec ?? user['auth-provider']) !== undefined) {
    throw new Failure('bad-configuration', `${file}: user ${context.user} gets its token from a program`, {
      hint: 'meshslo runs none: use a service account and its token',
    });
  }
  return { user, cluster };
}

function basic({ username, password }: { username?: string | undefined; password?: string | undefined }) {
  if (username === undefined) return undefined;
  return `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}`;
}

function withoutUndefined<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as { [K in keyof T]: Exclude<T[K], undefined> };
}

function parsedYaml(text: string, file: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    throw new Failure('bad-configuration', `${file} is no YAML`, { cause });
  }
}

function unusable(file: string, why: string): Failure {
  return new Failure('bad-configuration', `${file} cannot be used: ${why}`);
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new Failure('file-unreadable', `cannot read ${file}: ${(cause as { code?: string }).code ?? 'unknown'}`, {
      cause,
    });
  }
}

async function stampOf(file: string): Promise<string> {
  const found = await stat(file).catch(() => undefined);
  return found ? `${found.mtimeMs} ${found.size}` : 'absent';
}
