import { readFile } from 'node:fs/promises';
import { parseAllDocuments, type ToJSOptions } from 'yaml';
import type { BackstageSettings } from '../../config/catalog-settings.js';
import { filesOf } from '../../config/file-patterns.js';
import type { Clock } from '../../domain/clock.js';
import { Failure } from '../../domain/failure.js';
import { accessCredentials } from '../access-credentials.js';
import { ApiClient } from '../api-client.js';
import { PolledPlace } from '../polled-place.js';
import type { ServiceFacts } from '../service-facts.js';
import { entityFacts } from './entity-facts.js';

const pageSize = 500;

/** Pages of one catalogue; a loop of cursors must end. */
const mostPages = 200;

/** Components of Backstage: of its API, or of catalog-info files. */
export function backstagePlace(settings: BackstageSettings, clock: Pick<Clock, 'now'>): PolledPlace {
  const { name, from, intervalSeconds: everySeconds } = settings;
  const parts = { name: `backstage ${name}`, everySeconds, clock };
  if (from.kind === 'files') return new PolledPlace({ ...parts, read: () => readFiles(from.patterns) });
  const client = new ApiClient(accessCredentials(from.url, from.access), {
    unauthenticated: 'name a file with a static external-access token as authorization.bearer_token_file',
    forbidden: 'the token needs the permission catalog.entity.read',
  });
  return new PolledPlace({ ...parts, read: (signal) => readApi(client, signal), close: () => client.close() });
}

async function readFiles(patterns: readonly string[]): Promise<readonly ServiceFacts[]> {
  const files = [...new Set(patterns.flatMap((pattern) => filesOf(pattern)))].sort();
  if (files.length === 0) throw new Failure('file-unreadable', `no file fits ${patterns.join(', ')}`);
  const facts = await Promise.all(files.map(async (file) => factsOfText(await textOf(file), file)));
  return facts.flat();
}

/** The services of a catalog-info file; several documents may stand in one. Throws Failure `body-malformed`. */
export function factsOfText(text: string, file: string): readonly ServiceFacts[] {
  return [parseAllDocuments(text)].flat().flatMap((document) => {
    const [error] = document.errors;
    if (error) throw new Failure('body-malformed', `${file} is no YAML: ${error.message.split('\n')[0]}`);
    const facts = entityFacts(valueOf(document, file));
    return facts ? [facts] : [];
  });
}

/** An alias without an anchor, or too many of them, is found only when the document is put together. */
function valueOf(document: { toJS(options: ToJSOptions): unknown }, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    throw new Failure('body-malformed', `${file} is no YAML: ${(cause as Error).message}`, { cause });
  }
}

/** @see https://backstage.io/docs/features/software-catalog/software-catalog-api#get-entitiesby-query */
async function readApi(client: ApiClient, signal: AbortSignal): Promise<readonly ServiceFacts[]> {
  const facts: ServiceFacts[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const query = cursor === undefined ? { filter: 'kind=component' } : { cursor };
    const parameters = new URLSearchParams({ ...query, limit: String(pageSize) });
    const { body } = await client.get(`/api/catalog/entities/by-query?${parameters.toString()}`, { signal });
    const { items, pageInfo } = (body ?? {}) as {
      readonly items?: unknown;
      readonly pageInfo?: { nextCursor?: unknown };
    };
    if (!Array.isArray(items)) throw new Failure('body-malformed', 'what it answered is no page of entities');
    for (const item of items) {
      const one = entityFacts(item);
      if (one) facts.push(one);
    }
    cursor = typeof pageInfo?.nextCursor === 'string' ? pageInfo.nextCursor : undefined;
    if (cursor === undefined) return facts;
  }
  throw new Failure('body-too-large', `it has more than ${mostPages} pages of entities`);
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new Failure('file-unreadable', `cannot read ${file}: ${(cause as { code?: string }).code ?? 'unknown'}`, {
      cause,
    });
  }
}
