import { accessSync, constants } from 'node:fs';
import { resolve } from 'node:path';
import type { Diagnostic } from '../domain/diagnostic.js';
import { formatDuration } from '../domain/duration.js';
import { checkPart, mistake } from '../documents/checked-value.js';
import type { CheckedValue } from '../documents/checked-value.js';
import { present } from '../documents/present.js';
import type { ValuePath, YamlDocument } from '../documents/yaml-document.js';
import type { SignalPacks } from '../packs/load-packs.js';
import { packFor } from '../packs/load-packs.js';
import { jobSchema, scrapeSchema } from './config-schema.js';
import type { WrittenJob, WrittenScrape } from './config-schema.js';
import type { AccessSettings, JobSettings, ScrapeSettings, TargetListSettings } from './config.js';
import type { KnownNames } from './slo-schema.js';

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
    if (job !== undefined) diagnostics.push(...checkFiles(context, path, job));
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
    limits: { bodyBytes: limits.body, decompressedBytes: limits.decompressed, series: limits.series },
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

type WrittenAccess = Pick<WrittenJob, 'tls' | 'authorization' | 'basic_auth'>;

function accessOf({ tls, authorization, basic_auth }: WrittenAccess, folder: string): AccessSettings {
  const at = (file: string | undefined): string | undefined => (file === undefined ? undefined : resolve(folder, file));
  return present({
    tls:
      tls &&
      present({
        caFile: at(tls.ca_file),
        certFile: at(tls.cert_file),
        keyFile: at(tls.key_file),
        serverName: tls.server_name,
        insecureSkipVerify: tls.insecure_skip_verify,
      }),
    authorization: authorization
      ? { kind: 'bearer' as const, tokenFile: resolve(folder, authorization.bearer_token_file) }
      : basic_auth && {
          kind: 'basic' as const,
          username: basic_auth.username,
          passwordFile: resolve(folder, basic_auth.password_file),
        },
  });
}

function targetsOf(list: WrittenJob['targets'][number], folder: string): TargetListSettings {
  if ('static' in list) return { kind: 'static', groups: [{ targets: list.static, labels: list.labels }] };
  if ('file_sd' in list) {
    const { files, refresh } = list.file_sd;
    return { kind: 'files', paths: files.map((file) => resolve(folder, file)), refreshSeconds: refresh };
  }
  const { url, refresh, ...access } = list.http_sd;
  return { kind: 'http', url, refreshSeconds: refresh, access: accessOf(access, folder) };
}

/** Files that are read when scraping. They may be mounted later or on another machine, so this is no more than a warning. */
function checkFiles({ document, folder }: JobContext, path: ValuePath, job: WrittenJob): readonly Diagnostic[] {
  const places: [WrittenAccess, ValuePath][] = [[job, path]];
  for (const [index, list] of job.targets.entries()) {
    if ('http_sd' in list) places.push([list.http_sd, [...path, 'targets', index, 'http_sd']]);
  }
  return places.flatMap(([access, at]) => [
    ...checkAuthorization(document, access, at),
    ...(['ca_file', 'cert_file', 'key_file'] as const).flatMap((key) =>
      checkReadable(document, [...at, 'tls', key], access.tls?.[key], folder),
    ),
    ...checkReadable(
      document,
      [...at, 'authorization', 'bearer_token_file'],
      access.authorization?.bearer_token_file,
      folder,
    ),
    ...checkReadable(document, [...at, 'basic_auth', 'password_file'], access.basic_auth?.password_file, folder),
  ]);
}

function checkAuthorization(document: YamlDocument, access: WrittenAccess, at: ValuePath): readonly Diagnostic[] {
  if (access.authorization === undefined || access.basic_auth === undefined) return [];
  const message = 'a request has one authorization: bearer or basic';
  return [mistake(document, [...at, 'basic_auth'], 'two-authorizations', message, { hint: 'keep one', part: 'key' })];
}

function checkReadable(
  document: YamlDocument,
  path: ValuePath,
  file: string | undefined,
  folder: string,
): readonly Diagnostic[] {
  if (file === undefined) return [];
  try {
    accessSync(resolve(folder, file), constants.R_OK);
    return [];
  } catch {
    const hint = 'until it is there, every scrape of the job fails';
    return [mistake(document, path, 'file-unreadable', `${file} cannot be read`, { hint, severity: 'warning' })];
  }
}
