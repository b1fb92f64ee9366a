import type { Config } from '../config/config.js';
import type { PublishSettings } from '../config/publishing.js';
import type { EpochSeconds } from '../domain/clock.js';
import { Failure, failureOf } from '../domain/failure.js';
import type { Ending } from './destination.js';
import type { Documents } from './documents.js';
import { type Plan, planOf } from './plan.js';
import type { PastReader } from './past-moment.js';
import { annotationsOf, closeAll, type Publication, publicationOf } from './publication.js';
import { publish, type Published } from './publish.js';

/** What a look at one destination gave: a plan, or why there is none. */
export interface Looked {
  readonly destination: string;
  readonly plan: Plan | undefined;
  readonly failure: Failure | undefined;
}

/** What became of one destination: what was done, or why nothing could be. */
export interface Applied {
  readonly destination: string;
  readonly published: Published | undefined;
  readonly failure: Failure | undefined;
}

export interface RunParts {
  readonly settings: PublishSettings;
  readonly documents: Documents;
  readonly now: EpochSeconds;
  readonly overwriteEdits: boolean;
}

/** Looks at every destination at the same time, and changes nothing. One that cannot be looked at keeps no other from it. */
export async function lookAtAll(publications: readonly Publication[], parts: RunParts): Promise<readonly Looked[]> {
  return Promise.all(publications.map((one) => lookAt(one, parts)));
}

/** Makes every destination as it is wanted. */
export async function applyToAll(
  publications: readonly Publication[],
  parts: RunParts,
  onEnding: (destination: string, ending: Ending) => void = () => undefined,
): Promise<readonly Applied[]> {
  return Promise.all(
    publications.map(async (one) => {
      const { destination, plan, failure } = await lookAt(one, parts);
      if (!plan) return { destination, published: undefined, failure };
      const published = await publish(plan, (ending) => onEnding(destination, ending));
      return { destination, published, failure: undefined };
    }),
  );
}

/** What is published, of a configuration. */
export interface ChosenParts {
  /** Names of destinations; all of them where it is empty. */
  readonly only: readonly string[];
  /** Undefined where nobody knows what has happened: then that is left as it is. */
  readonly past: PastReader | undefined;
  readonly now: EpochSeconds;
}

/**
 * The destinations of a configuration, or those that are named; closed when the work ends.
 *
 * @throws Failure `bad-arguments` where there are none of that name
 */
export async function withPublications<T>(
  { publish: settings }: Pick<Config, 'publish'>,
  { only, past, now }: ChosenParts,
  work: (publications: readonly Publication[], settings: PublishSettings) => Promise<T>,
): Promise<T> {
  if (!settings || settings.destinations.length === 0) {
    throw new Failure('bad-arguments', 'the configuration names no place to publish to', {
      hint: 'write a section publish: docs/publishing.md shows one for every kind of place',
    });
  }
  const known = settings.destinations.map(({ name }) => name);
  const stranger = only.find((name) => !known.includes(name));
  if (stranger !== undefined) {
    throw new Failure('bad-arguments', `there is no destination ${JSON.stringify(stranger)}`, {
      hint: `there are: ${known.join(', ')}`,
    });
  }
  const chosen = settings.destinations.filter(({ name }) => only.length === 0 || only.includes(name));
  const publications = chosen.flatMap((one) => [
    publicationOf(one, settings),
    ...(past ? annotationsOf(one, settings, { past, now }) : []),
  ]);
  try {
    return await work(publications, settings);
  } finally {
    await closeAll(publications);
  }
}

async function lookAt({ destination, desired }: Publication, parts: RunParts): Promise<Looked> {
  const { settings, documents, now, overwriteEdits } = parts;
  const { set, graceSeconds } = settings;
  try {
    const plan = await planOf(destination, desired(documents), { set, graceSeconds, now, overwriteEdits });
    return { destination: destination.name, plan, failure: undefined };
  } catch (error) {
    return { destination: destination.name, plan: undefined, failure: failureOf(error) };
  }
}
