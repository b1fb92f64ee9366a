import { once } from 'node:events';
import { join } from 'node:path';
import pino from 'pino';
import type { Config } from '../config/config.js';
import { formatDuration } from '../domain/duration.js';
import type { Failure } from '../domain/failure.js';
import { type ConfigChange, ConfigWatch } from '../service/config-watch.js';
import { Service } from '../service/service.js';
import type { ServiceParts } from '../service/service-parts.js';
import { packageVersion } from './package-version.js';
import { systemClock } from './system-clock.js';
import { diagnosticsText, standardOutput } from './terminal.js';

/** As that of a service; aborted when somebody wants it to stop. */
type Prepare = (parts: Parameters<NonNullable<ServiceParts['prepare']>>[0], stopping: AbortSignal) => Promise<void>;

/** What a verb may add to a plain service. */
export interface RunOptions {
  readonly config: Config;
  readonly prepare?: Prepare;
  /** Lines that stand below the address, which they may need. */
  readonly greeting?: (url: string) => readonly string[];
  /** Sends the report of the last whole week at once, where it was never sent. */
  readonly sendsLastWeek?: boolean;
}

/** Runs a service until SIGINT or SIGTERM, taking up changes of its configuration; returns when it has stopped. */
export async function runService({ config, prepare, greeting = () => [], sendsLastWeek }: RunOptions): Promise<void> {
  const log = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination({ dest: 2, sync: true }));
  const stopping = stopSignal();
  const service = await Service.start({
    config,
    clock: systemClock,
    uiFolder: join(import.meta.dirname, '..', 'ui'),
    version: packageVersion(),
    onNotice: (notice) => log.warn(notice),
    onBug: (error) => log.error(error),
    ...(prepare && { prepare: (parts) => prepare(parts, stopping) }),
  }).catch((error: unknown) => {
    if (error !== stopping.reason) throw error;
  });
  if (!service) {
    process.stdout.write('Stopped before it was ready.\n');
    return;
  }
  process.stdout.write(`${[...welcome(service), ...greeting(service.url)].join('\n')}\n`);
  if (sendsLastWeek) void service.sendLastWeek();
  const watch = watchConfig(config, service, (failure) =>
    log.error(`the change is not fully in force: ${failure.message}`),
  );
  if (!stopping.aborted) await once(stopping, 'abort');
  process.stdout.write('\nStopping ...');
  watch.stop();
  await service.stop();
  process.stdout.write(' stopped; the ledger is safe.\n');
}

function welcome(service: Service): readonly string[] {
  const lines = [`meshslo ${packageVersion()} is at ${service.url}`];
  const before = service.countedUntilBefore;
  if (before !== undefined) {
    const gap = Math.max(0, Math.round(systemClock.now() - before));
    const since = new Date(before * 1000).toISOString().replace('.000', '');
    lines.push(
      `  The ledger goes on after a gap of ${formatDuration(gap)} (since ${since}). What proxies that lived on have counted`,
      '  in it is booked to the gap; what nobody counted shows as missing coverage.',
    );
  }
  return lines;
}

function watchConfig(config: Config, service: Service, onFailure: (failure: Failure) => void): ConfigWatch {
  const watch = new ConfigWatch(config);
  watch.start((change) => takeUp(change, service), onFailure);
  return watch;
}

async function takeUp(change: ConfigChange, service: Service): Promise<void> {
  if (change.outcome === 'refused') {
    const mistakes = diagnosticsText(change.diagnostics, standardOutput().color);
    const outcome = 'The changed configuration is refused; the one before stays in force.';
    process.stderr.write(`\n${mistakes}\n${localTime()} ${outcome}\n`);
    service.configRefused(change.diagnostics.filter(({ severity }) => severity === 'error').length);
    return;
  }
  await service.reconfigure(change.config);
  service.configAccepted();
  const what =
    change.changes.length === 0
      ? 'The configuration is again the one that is in force.'
      : ['The configuration was reloaded:', ...change.changes].join('\n  ');
  process.stdout.write(`\n${localTime()} ${what}\n`);
}

/** `14:03:59`, by the clock on the wall. */
function localTime(): string {
  return new Date(systemClock.now() * 1000).toLocaleTimeString('en-GB');
}

/** Aborted at the first SIGINT or SIGTERM; a second one ends the process at once. */
function stopSignal(): AbortSignal {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      process.once(signal, () => process.exit(130));
      stopping.abort();
    });
  }
  return stopping.signal;
}
