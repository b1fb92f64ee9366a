import { readFileSync, statSync } from 'node:fs';
import { Failure } from '../../domain/failure.js';
import { starUserInfo } from '../../domain/user-info.js';
import { systemReason } from '../../domain/system-reason.js';

/** Nobody's password is longer. */
const mostSecretBytes = 64 * 1024;

/** Keys of Alertmanager's configuration whose values open something: `smtp_auth_password`, `secret_key` of SNS, `slack_api_url`. */
const secretKeys =
  /(^|_)(passwords?|secrets?|credentials|tokens?|token_id|(api|service|routing|user|secret|access)_key|api_url|webhook_url)$|^key$/;

/**
 * A configuration in which secrets stand in the place of their files: what is kept for a tenant cannot read files of ours.
 *
 * @throws Failure `file-unreadable`
 */
export function withSecrets(config: unknown): unknown {
  return changed(config, (key, value) => {
    if (!key.endsWith('_file') || typeof value !== 'string') return undefined;
    return [key.slice(0, -'_file'.length), secretIn(value)];
  });
}

/** A configuration that may be shown: nothing of a secret is left but that there is one. */
export function withoutSecrets(config: unknown): unknown {
  return changed(config, (key, value) => {
    if (secretKeys.test(key) && (Array.isArray(value) || (typeof value === 'string' && value !== ''))) {
      return [key, '<secret>'];
    }
    if (typeof value !== 'string') return undefined;
    if (key === 'url') return [key, withoutPath(starUserInfo(value))];
    return key.endsWith('url') ? [key, starUserInfo(value)] : undefined;
  });
}

/** Shorter ones would be found in words that are none. */
const leastSecret = 4;

/** A text of somebody else about a configuration, such as a refusal, without the secrets of it. */
export function withoutSecretsOf(config: unknown, text: string): string {
  const longestFirst = [...secretsIn(config)].sort((a, b) => b.length - a.length);
  return longestFirst.reduce((told, secret) => withoutEnd(told.replaceAll(secret, '<secret>'), secret), text);
}

function secretsIn(config: unknown): ReadonlySet<string> {
  const found = new Set<string>();
  changed(config, (key, value) => {
    const isSecret = secretKeys.test(key) || key === 'url';
    if (isSecret && typeof value === 'string' && value.length >= leastSecret) found.add(value);
    return undefined;
  });
  return found;
}

/** A text that was cut may end within a secret. */
function withoutEnd(text: string, secret: string): string {
  for (let length = secret.length - 1; length >= leastSecret; length -= 1) {
    const end = `${secret.slice(0, length)}...`;
    if (text.endsWith(end)) return `${text.slice(0, -end.length)}<secret>...`;
  }
  return text;
}

/** Whoever knows the whole address of a webhook may write to it. */
function withoutPath(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/[^/?#]*)[/?#].+$/is, '$1/<secret>');
}

/** The value with some of its keys replaced, all the way down. */
function changed(
  value: unknown,
  change: (key: string, value: unknown) => readonly [string, string] | undefined,
): unknown {
  if (Array.isArray(value)) return value.map((one) => changed(one, change));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, one]) => change(key, one) ?? ([key, changed(one, change)] as const));
  return Object.fromEntries(entries);
}

function secretIn(file: string): string {
  try {
    if (statSync(file).size > mostSecretBytes) throw new Error('it is too large for a secret');
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new Failure('file-unreadable', `cannot read ${file}: ${systemReason(cause)}`, {
      hint: 'notifications names it; what a tenant’s Alertmanager is told holds the secret itself',
    });
  }
}
