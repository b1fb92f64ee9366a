import { readFileSync } from 'node:fs';
import { Failure } from '../domain/failure.js';
import type { TokenSettings } from './config.js';

/** A bearer token and what it allows: a secret, never printed. */
export interface AccessToken {
  readonly name: string;
  readonly role: 'viewer' | 'editor';
  readonly token: string;
}

/** Shorter ones can be guessed; 16 random characters have at least 64 bits even when they are hexadecimal. */
const leastTokenLength = 16;

/**
 * The token that the settings point to.
 *
 * @throws Failure `bad-configuration` where there is none, or a bad one.
 */
export function readToken({ name, role, from }: TokenSettings, environment: NodeJS.ProcessEnv): AccessToken {
  const place = from.kind === 'file' ? `file ${from.file}` : `environment variable ${from.variable}`;
  const token = (from.kind === 'file' ? readSecret(from.file) : environment[from.variable])?.trim();
  if (token === undefined) throw new Failure('bad-configuration', `token ${name}: ${place} cannot be read`);
  if (token.length < leastTokenLength) {
    const hint = 'openssl rand -hex 32 makes a good one';
    throw new Failure('bad-configuration', `token ${name}: ${place} holds fewer than ${leastTokenLength} characters`, {
      hint,
    });
  }
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new Failure('bad-configuration', `token ${name}: ${place} holds characters that no HTTP header can`);
  }
  return { name, role, token };
}

function readSecret(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
