import { resolve } from 'node:path';
import type { Diagnostic } from '../domain/diagnostic.js';
import { formatDuration } from '../domain/duration.js';
import { checkPart, mistake } from '../documents/checked-value.js';
import type { CheckedValue } from '../documents/checked-value.js';
import type { ValuePath, YamlDocument } from '../documents/yaml-document.js';
import type { SignalPacks } from '../packs/load-packs.js';
import { packFor } from '../packs/load-packs.js';
import { accessOf, checkAccess } from './check-access.js';
import { jobSchema, scrapeSchema } from './config-schema.js';
import type { WrittenJob, WrittenScrape } from './config-schema.js';
import type { JobSettings, ScrapeSettings } from './config.js';
import type { KnownNames } from './slo-schema.js';
import type { TargetListSettings } from './target-settings.js';

/** Prometheus' default, for intervals that leave room for it. */
const usualTimeoutSeconds = 10;

/** What a job takes over where it says nothing itself. */
interface JobContext {
  readonly document: YamlDocument;
  readonly packs: SignalPacks;
  /** Of the whole configuration; empty where that is missing. */
  readonly cluster: string;
  /** Relative paths are relative to it. */
  readonly folder: string;
}

/** The section `scrape` with everything filled in, or every mistake of every job. */
export function checkScrape(context: JobContext, known: KnownNames): CheckedValue<ScrapeSettings> {
  const { document } = context;
  const { value: shared, diagnostics: found } = checkPart(document, ['scrape'], scrapeSchema);
  const list = (document.value as { scrape?: { jobs?: unknown } | null }).scrape?.jobs;
  const written = (Array.isArray(list) ? list : []).map((_, index) => {
    const path = ['scrape', 'jobs', index];
    return { path, ...checkPart(document, path, jobSchema(known)) };
  });
  const diagnostics = [...found, ...written.flatMap((job) => job.diagnostics), ...checkJobNames(document, written)];
  for (const { path, value: job } of written) {
    if (job !== undefined) diagnostics.push(...checkLogins(context, path, job));
    if (job !== undefined && shared !== undefined) diagnostics.push(...checkTimes(document, path, job, shared));
  }
  if (shared === undefined) return { diagnostics };
  const jobs = written.flatMap(({ value: job }) => (job === undefined ? [] : [jobOf(context, job, shared)]));
  return { value: { concurrency: shared.limits.concurrency, jobs }, diagnostics };
}

function jobOf(
  { packs, cluster, folder }: JobContext,
  job: WrittenJob,
  { interval, timeout, limits }: WrittenScrape,
): JobSettings {
  // The schema knows the packs' names.
  const pack = packFor(packs, job.mesh)!;
  const { filter } = pack.target;
  return {
    name: job.name,
    pack,
    cluster: job.cluster ?? cluster,
    intervalSeconds: job.interval ?? interval,
    timeoutSeconds: timeoutOf(job, { interval, timeout }),
    scheme: job.scheme,
    path: job.path ?? pack.target.path,
    params: job.params,
    filterParams: job.use_filter && filter !== undefined ? { [filter.parameter]: filter.value } : {},
    gzip: job.gzip,
    access: accessOf(job, folder),
    targets: job.targets.map((list) => targetsOf(list, folder)),
    limits: {
      bodyBytes: limits.body,
      decompressedBytes: limits.decompressed,
      series: limits.series,
      services: limits.services,
    },
  };
}

type Times = Pick<WrittenScrape, 'interval' | 'timeout'>;

function timeoutOf(job: WrittenJob, { interval, timeout }: Times): number {
  return job.timeout ?? timeout ?? Math.min(usualTimeoutSeconds, job.interval ?? interval);
}

function checkTimes(document: YamlDocument, path: ValuePath, job: WrittenJob, times: Times): readonly Diagnostic[] {
  const interval = job.interval ?? times.interval;
  const timeout = timeoutOf(job, times);
  if (timeout <= interval) return [];
  const message = `the timeout of ${formatDuration(timeout)} is longer than the interval of ${formatDuration(interval)}`;
  const at = job.timeout === undefined ? ['scrape', 'timeout'] : [...path, 'timeout'];
  return [mistake(document, at, 'timeout-above-interval', message, { hint: 'a target is never read twice at once' })];
}

function checkJobNames(
  document: YamlDocument,
  written: readonly { readonly path: ValuePath; readonly value?: WrittenJob }[],
): readonly Diagnostic[] {
  const names = written.map(({ value }) => value?.name);
  return written.flatMap(({ path }, index) => {
    const name = names[index];
    if (name === undefined || names.indexOf(name) === index) return [];
    return [mistake(document, [...path, 'name'], 'duplicate-job', `job ${name} is there twice`)];
  });
}

/** One list of targets as it is asked, with absolute paths. */
export function targetsOf(list: WrittenJob['targets'][number], folder: string): TargetListSettings {
  if ('static' in list) return { kind: 'static', groups: [{ targets: list.static, labels: list.labels }] };
  if ('file_sd' in list) {
    const { files, refresh } = list.file_sd;
    return { kind: 'files', paths: files.map((file) => resolve(folder, file)), refreshSeconds: refresh };
  }
  if ('dns_sd' in list) {
    const { names, port, refresh } = list.dns_sd;
    return { kind: 'dns', names, port, refreshSeconds: refresh };
  }
  const { url, refresh, ...access } = list.http_sd;
  return { kind: 'http', url, refreshSeconds: refresh, access: accessOf(access, folder) };
}

/** Every login of a job: its own, and those of its lists. */
function checkLogins({ document, folder }: JobContext, path: ValuePath, job: WrittenJob): readonly Diagnostic[] {
  const consequence = 'until it is there, every scrape of the job fails';
  return [
    ...checkAccess(document, path, job, { folder, consequence }),
    ...checkTargetLogins(document, path, job.targets, { folder, consequence }),
  ];
}

/** Logins of the lists of targets of whatever stands at a path. */
export function checkTargetLogins(
  document: YamlDocument,
  path: ValuePath,
  targets: WrittenJob['targets'],
  context: { readonly folder: string; readonly consequence: string },
): readonly Diagnostic[] {
  return targets.flatMap((list, index) => {
    const at = [...path, 'targets', index, 'http_sd'];
    return 'http_sd' in list ? checkAccess(document, at, list.http_sd, context) : [];
  });
}
