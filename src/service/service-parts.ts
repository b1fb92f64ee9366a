import type { Config } from '../config/config.js';
import type { Clock } from '../domain/clock.js';
import type { Ledger } from '../ledger/ledger.js';
import type { RunningServer } from '../server/start-server.js';
import type { CurrentSlos } from './current-slos.js';

/** What a service runs with. */
export interface ServiceParts {
  readonly config: Config;
  readonly clock: Clock;
  /** Folder of the built page. */
  readonly uiFolder: string;
  readonly version: string;
  /** Told of what an operator should know, a sentence each. */
  readonly onNotice: (notice: string) => void;
  readonly onBug: (error: unknown) => void;
  /** Fills a ledger that is to begin with history; called before anything is scraped. */
  readonly prepare?: (parts: { readonly ledger: Ledger; readonly slos: CurrentSlos }) => Promise<void>;
}

/** What of a service is another one as it runs; everybody looks here and keeps none of it. */
export interface Present {
  /** The configuration in force. */
  config: Config;
  /** Undefined until it answers. */
  server: RunningServer | undefined;
}
