import type { JobSettings } from '../config/config.js';
import type { SeriesInterpreter } from '../domain/series-meaning.js';
import type { ServiceId } from '../domain/service-id.js';
import { seriesInterpreter } from '../packs/interpreter.js';
import type { SignalPack } from '../packs/signal-pack.js';

/** What is scraped, how, and what its series mean. */
export interface ScrapeJob extends Omit<JobSettings, 'pack'> {
  readonly interpreter: SeriesInterpreter;
  /** The service that a target belongs to by its labels; undefined where they do not tell. */
  readonly ownService: (labels: ReadonlyMap<string, string>) => ServiceId | undefined;
  /** Port of addresses that have none; undefined for that of the scheme. */
  readonly defaultPort?: number | undefined;
}

/** A configured job with its pack made ready for reading. */
export function scrapeJob(settings: JobSettings, clusterAliases: ReadonlyMap<string, string>): ScrapeJob {
  const { pack, ...rest } = settings;
  const { cluster } = rest;
  return {
    ...rest,
    interpreter: seriesInterpreter(pack, { cluster, clusterAliases }),
    ownService: (labels) => ownService(pack, cluster, labels),
    defaultPort: pack.target.port,
  };
}

function ownService(
  { target }: SignalPack,
  cluster: string,
  labels: ReadonlyMap<string, string>,
): ServiceId | undefined {
  const namespace = firstValue(target.namespaceLabels, labels);
  const name = firstValue(target.serviceLabels, labels);
  return namespace && name ? { cluster, namespace, name } : undefined;
}

function firstValue(names: readonly string[], labels: ReadonlyMap<string, string>): string | undefined {
  return names.map((name) => labels.get(name)).find((value) => value !== undefined && value !== '');
}
