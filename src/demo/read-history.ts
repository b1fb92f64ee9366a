import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { request } from 'undici';
import type { Config } from '../config/config.js';
import { Failure } from '../domain/failure.js';
import type { Ledger } from '../ledger/ledger.js';
import type { ImportResult } from '../ledger/import-run.js';
import { seriesInterpreter } from '../packs/interpreter.js';
import type { CurrentSlos } from '../service/current-slos.js';
import { importHistory } from '../service/import-history.js';
import { HistoryTally } from '../sli/history-tally.js';

interface HistoryParts {
  readonly config: Config;
  readonly ledger: Ledger;
  readonly slos: CurrentSlos;
  readonly url: string;
  readonly origin: string;
  readonly onDay: () => void;
}

/** Reads the simulated mesh's past into the ledger, by the pack and the clusters of the first job. */
export async function readHistory({ config, ledger, slos, url, origin, onDay }: HistoryParts): Promise<ImportResult> {
  const { pack, cluster } = config.scrape.jobs[0]!;
  const { statusCode, body } = await request(url);
  if (statusCode !== 200) throw new Failure('service-unreachable', `${url} answered ${statusCode}`);
  const interpreter = seriesInterpreter(pack, { cluster, clusterAliases: config.clusterAliases });
  return importHistory(createInterface({ input: body as Readable, crlfDelay: Infinity }), {
    ledger,
    tally: new HistoryTally(pack, interpreter, slos),
    slos: () => slos.all(),
    origin,
    onDay,
  });
}
