import type { EpochSeconds } from '../domain/clock.js';
import { Failure } from '../domain/failure.js';
import type { SlotBatch } from '../domain/slot-batch.js';
import type { Slo } from '../domain/slo.js';
import type { ImportResult } from '../ledger/import-run.js';
import type { Ledger } from '../ledger/ledger.js';
import type { HistoryRow, HistorySeries, HistoryTally } from '../sli/history-tally.js';

interface ImportParts {
  readonly ledger: Pick<Ledger, 'declare' | 'import'>;
  readonly tally: HistoryTally;
  /** The SLOs known so far; asked again as the history shows more services. */
  readonly slos: () => readonly Slo[];
  /** Where the history comes from; the label it keeps. */
  readonly origin: string;
  readonly onDay?: (day: EpochSeconds) => void;
}

/** One transaction's worth. */
const slotsPerImport = 288;

/** Reads history, a JSON value per line, into the ledger. Throws `body-malformed` with the number of the line. */
export async function importHistory(lines: AsyncIterable<string>, parts: ImportParts): Promise<ImportResult> {
  const sum = { added: 0, repeated: 0, skipped: 0 };
  let batches: SlotBatch[] = [];
  const flush = (): void => {
    if (batches.length === 0) return;
    parts.ledger.declare(parts.slos(), batches[0]!.slotStart);
    const result = parts.ledger.import(batches, { origin: parts.origin });
    sum.added += result.added;
    sum.repeated += result.repeated;
    sum.skipped += result.skipped;
    parts.onDay?.(batches.at(-1)!.slotStart);
    batches = [];
  };
  let number = 0;
  for await (const line of lines) {
    number += 1;
    const batch = parts.tally.add(parseLine(line, number));
    if (!batch) continue;
    batches.push(batch);
    if (batches.length === slotsPerImport) flush();
  }
  const last = parts.tally.end();
  if (last) batches.push(last);
  flush();
  return sum;
}

function parseLine(line: string, number: number): HistoryRow | HistorySeries {
  try {
    return JSON.parse(line) as HistoryRow | HistorySeries;
  } catch (cause) {
    throw new Failure('body-malformed', `line ${number} of the history is no JSON`, { cause });
  }
}
