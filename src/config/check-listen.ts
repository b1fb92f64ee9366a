import { resolve } from 'node:path';
import type { Diagnostic } from '../domain/diagnostic.js';
import { failureOf } from '../domain/failure.js';
import { checkPart, mistake } from '../documents/checked-value.js';
import type { CheckedValue } from '../documents/checked-value.js';
import type { YamlDocument } from '../documents/yaml-document.js';
import { listenSchema } from './config-schema.js';
import type { WrittenListen } from './config-schema.js';
import type { Authentication, ListenSettings, TokenSettings } from './config.js';
import { isLoopback } from './loopback.js';
import { readToken } from './tokens.js';

/** The listener's settings, and why they would let in people who should stay outside. */
export function checkListen(
  document: YamlDocument,
  folder: string,
  environment: NodeJS.ProcessEnv,
): CheckedValue<ListenSettings> {
  const { value: written, diagnostics } = checkPart(document, ['listen'], listenSchema);
  if (written === undefined) return { diagnostics };
  const authentication = authenticationOf(written, folder);
  const { address, port } = written;
  return {
    value: { address, port, authentication },
    diagnostics: [
      ...checkOpenness(document, written),
      ...(authentication.kind === 'tokens' ? checkTokens(document, authentication.tokens, environment) : []),
    ],
  };
}

function authenticationOf({ authentication, tokens }: WrittenListen, folder: string): Authentication {
  if (tokens === undefined) return { kind: 'none', explicit: authentication === 'none' };
  return {
    kind: 'tokens',
    tokens: tokens.map(({ name, role, file, env }) => ({
      name,
      role,
      from:
        file === undefined ? { kind: 'environment', variable: env! } : { kind: 'file', file: resolve(folder, file) },
    })),
  };
}

function checkOpenness(document: YamlDocument, written: WrittenListen): readonly Diagnostic[] {
  const { address, authentication, tokens } = written;
  if (authentication !== undefined && tokens !== undefined) {
    const message = 'authentication: none and tokens contradict each other';
    return [
      mistake(document, ['listen', 'authentication'], 'authentication-contradiction', message, { hint: 'keep one' }),
    ];
  }
  if (isLoopback(address) || authentication !== undefined || tokens !== undefined) return [];
  const message = `everybody who can reach ${address} could read and change everything`;
  const hint = 'write listen.tokens, or say that you want it so: authentication: none';
  return [mistake(document, ['listen', 'address'], 'open-listener', message, { hint })];
}

function checkTokens(
  document: YamlDocument,
  tokens: readonly TokenSettings[],
  environment: NodeJS.ProcessEnv,
): readonly Diagnostic[] {
  return tokens.flatMap((settings, index) => {
    const path = ['listen', 'tokens', index];
    if (tokens.findIndex(({ name }) => name === settings.name) < index) {
      return [mistake(document, [...path, 'name'], 'duplicate-token', `token ${settings.name} is there twice`)];
    }
    try {
      readToken(settings, environment);
      return [];
    } catch (cause) {
      const { message, hint } = failureOf(cause);
      const key = settings.from.kind === 'file' ? 'file' : 'env';
      return [mistake(document, [...path, key], 'bad-token', message, { hint })];
    }
  });
}
