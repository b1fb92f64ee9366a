import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { filesOf } from '../config/file-patterns.js';
import { migrationPhases } from '../domain/catalog-service.js';
import type { Clock } from '../domain/clock.js';
import { Failure } from '../domain/failure.js';
import { PolledPlace } from './polled-place.js';
import type { ServiceFacts } from './service-facts.js';

/** A file is looked at so often; reading it costs nothing. */
const everySeconds = 10;

const schema = z.strictObject({
  services: z.array(
    z.strictObject({
      service: z.string().min(1),
      cluster: z.string().min(1).optional(),
      namespace: z.string().min(1).optional(),
      owner: z.string().min(1).optional(),
      tier: z.string().min(1).optional(),
      system: z.string().min(1).optional(),
      mesh: z.string().min(1).optional(),
      migration: z.enum(migrationPhases).optional(),
    }),
  ),
});

/** Services that somebody has written down, a list `services:` per file. */
export function filePlace(pattern: string, clock: Pick<Clock, 'now'>): PolledPlace {
  return new PolledPlace({ name: `file ${basename(pattern)}`, everySeconds, clock, read: () => readServices(pattern) });
}

async function readServices(pattern: string): Promise<readonly ServiceFacts[]> {
  const files = filesOf(pattern);
  if (files.length === 0) throw new Failure('file-unreadable', `no file fits ${pattern}`);
  return (await Promise.all(files.map(readOne))).flat();
}

async function readOne(file: string): Promise<readonly ServiceFacts[]> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Failure('file-unreadable', `cannot read ${file}: ${(cause as { code?: string }).code ?? 'unknown'}`);
  });
  const { data, error } = schema.safeParse(parsed(text, file));
  if (error) {
    const [{ path, message } = { path: [], message: 'nothing in it' }] = error.issues;
    throw new Failure('body-malformed', `${file}: ${path.join('.')}: ${message}`, {
      hint: 'services: [{ service: cart, namespace: shop, owner: payments, tier: critical, migration: mtls }]',
    });
  }
  return data.services.map(({ service, migration, cluster, namespace, ...said }) => ({
    cluster,
    namespace,
    name: service,
    ...said,
    wanted: migration,
  }));
}

function parsed(text: string, file: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    throw new Failure('body-malformed', `${file} is no YAML: ${(cause as Error).message.split('\n')[0]}`, { cause });
  }
}
