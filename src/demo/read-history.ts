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
  /** Called after each day that was read; what it throws ends the reading. */
  readonly onDay: () => void;
}

/** Reads the simulated mesh's past into the ledger, by the pack and the clusters of the first job. */
export async function readHistory({ config, ledger, slos, url, origin, onDay }: HistoryParts): Promise<ImportResult> {
  const { pack, cluster } = config.scrape.jobs[0]!;
  const { statusCode, body } = await request(url);
  if (statusCode !== 200) throw new Failure('service-unreachable', `${url} answered ${statusCode}`);
  const interpreter = seriesInterpreter(pack, { cluster, clusterAliases: config.clusterAliases });
  const lines = createInterface({ input: body as Readable, crlfDelay: Infinity });
  try {
    return await importHistory(lines, {
      ledger,
      tally: new HistoryTally(pack, interpreter, slos),
      slos: () => slos.all(),
      origin,
      onDay,
    });
  } finally {
    // What is not read to its end is let go of; nobody waits for the error that this makes.
    lines.on('error', () => undefined);
    body.destroy();
  }
}
