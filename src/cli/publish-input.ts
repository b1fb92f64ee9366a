import { loadConfig } from '../config/load-config.js';
import type { Config } from '../config/config.js';
import { visibleJson } from '../documents/visible.js';
import { hasErrors } from '../domain/diagnostic.js';
import { type Documents, documentsOf } from '../publish/documents.js';
import type { PastReader } from '../publish/past-moment.js';
import { knownSlos } from '../service/known-slos.js';
import { pastOfFile } from '../service/past.js';
import { alertmanagerOutput } from '../publish/alertmanager-output.js';
import { couldNotLook } from './check.js';
import { diagnosticsText, type Terminal } from './terminal.js';

/** What `diff` and `apply` are told on the command line. */
export interface PublishOptions {
  readonly config: string;
  /** Names of destinations; all of them where it is empty. */
  readonly only: readonly string[];
  readonly output: 'text' | 'json';
  readonly overwriteEdits: boolean;
}

/** What is to be published: the configuration, and all that is made from it. */
export interface PublishInput {
  readonly config: Config;
  readonly documents: Documents;
  /** Undefined where there is no ledger to read it from. */
  readonly past: PastReader | undefined;
}

/**
 * Reads what is to be published, and says what is wrong with it.
 *
 * @returns the exit code where it cannot be read, or is wrong
 */
export function readPublishInput(
  { config: file, output }: PublishOptions,
  terminal: Terminal,
  now: number,
): PublishInput | 1 | 2 {
  const loaded = loadConfig(file);
  const { config } = loaded;
  const notifications = config && alertmanagerOutput(config);
  const diagnostics = [...loaded.diagnostics, ...(notifications?.diagnostics ?? [])];
  if (diagnostics.length > 0 && output === 'text') {
    terminal.write(`${diagnosticsText(diagnostics, terminal.color)}\n`);
  }
  if (config === undefined || hasErrors(diagnostics)) {
    if (output === 'json') terminal.write(`${visibleJson({ good: false, diagnostics })}\n`);
    return couldNotLook(loaded) ? 2 : 1;
  }
  const { slos } = knownSlos(config, now);
  const documents = documentsOf({ config, slos, alertmanager: notifications?.text });
  return { config, documents, past: pastOfFile(config.ledgerPath) };
}
