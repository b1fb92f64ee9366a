import { statSync } from 'node:fs';
import type { Config } from '../config/config.js';
import { describeChanges } from '../config/config-changes.js';
import { filesOf } from '../config/file-patterns.js';
import { loadConfig } from '../config/load-config.js';
import type { Diagnostic } from '../domain/diagnostic.js';
import { type Failure, failureOf } from '../domain/failure.js';

const lookEverySeconds = 2;

/** What a changed file led to. */
export type ConfigChange =
  /** Without changes when a refused configuration became again what it was. */
  | { readonly outcome: 'accepted'; readonly config: Config; readonly changes: readonly string[] }
  /** The configuration before stays as it is. */
  | { readonly outcome: 'refused'; readonly diagnostics: readonly Diagnostic[] };

/**
 * Looks at a configuration's files every two seconds and loads them anew when one has changed, come or gone.
 *
 * Modification times are compared instead of waiting for events: these miss what editors, mounted ConfigMaps and network
 * file systems do.
 */
export class ConfigWatch {
  #config: Config;
  #files: readonly string[];
  #seen: string;
  #isRefused = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(config: Config) {
    this.#config = config;
    this.#files = config.files;
    this.#seen = this.#fingerprint();
  }

  /** Reports every change until {@link stop}; what fails while one is taken up is handed on, and watching goes on. */
  start(onChange: (change: ConfigChange) => Promise<void>, onFailure: (failure: Failure) => void): void {
    const look = async (): Promise<void> => {
      try {
        const change = this.look();
        if (change) await onChange(change);
      } catch (error) {
        onFailure(failureOf(error));
      }
      if (this.#timer) this.#timer = setTimeout(() => void look(), lookEverySeconds * 1000);
    };
    this.#timer = setTimeout(() => void look(), lookEverySeconds * 1000);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** What has changed since the last look; undefined when nothing that matters has. */
  look(): ConfigChange | undefined {
    const now = this.#fingerprint();
    if (now === this.#seen) return undefined;
    const { config, diagnostics, files } = loadConfig(this.#config.file);
    this.#files = [...new Set([...this.#config.files, ...files])];
    this.#seen = this.#fingerprint();
    const wasRefused = this.#isRefused;
    this.#isRefused = !config;
    if (!config) return { outcome: 'refused', diagnostics };
    const changes = describeChanges(this.#config, config);
    this.#config = config;
    this.#files = config.files;
    this.#seen = this.#fingerprint();
    return changes.length > 0 || wasRefused ? { outcome: 'accepted', config, changes } : undefined;
  }

  #fingerprint(): string {
    const files = new Set([...this.#files, ...this.#config.filePatterns.flatMap((pattern) => filesOf(pattern))]);
    return [...files].map((file) => `${file} ${fileStamp(file)}`).join('\n');
  }
}

/** Another one after every change of a file. */
export function fileStamp(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat ? `${stat.mtimeMs} ${stat.size} ${stat.ino}` : 'absent';
}
