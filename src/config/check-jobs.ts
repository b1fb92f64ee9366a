import { accessSync, constants } from 'node:fs';
import { resolve } from 'node:path';
import type { Diagnostic } from '../domain/diagnostic.js';
import { formatDuration } from '../domain/duration.js';
import { mistake } from '../documents/checked-value.js';
import { wordHint } from '../documents/nearest-word.js';
import { present } from '../documents/present.js';
import type { ValuePath, YamlDocument } from '../documents/yaml-document.js';
import type { SignalPacks } from '../packs/load-packs.js';
import { packFor } from '../packs/load-packs.js';
import type { WrittenConfig, WrittenJob } from './config-schema.js';
import type { AccessSettings, JobSettings, TargetListSettings } from './config.js';

/** Prometheus' default, for intervals that leave room for it. */
const usualTimeoutSeconds = 10;

/** The jobs with everything filled in; a job with a mistake is left out of them. */
export function checkJobs(
  document: YamlDocument,
  written: WrittenConfig,
  packs: SignalPacks,
  folder: string,
): { readonly jobs: readonly JobSettings[]; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const jobs = written.scrape.jobs.flatMap((job, index) => {
    const path = ['scrape', 'jobs', index];
    diagnostics.push(...checkTimes(document, path, job, written), ...checkFiles(document, path, job, folder));
    if (written.scrape.jobs.findIndex(({ name }) => name === job.name) < index) {
      diagnostics.push(mistake(document, [...path, 'name'], 'duplicate-job', `job ${job.name} is there twice`));
    }
    const pack = packFor(packs, job.mesh);
    if (pack === undefined) {
      const message = `there is no signal pack for ${JSON.stringify(job.mesh)}`;
      const hint = wordHint(job.mesh, [...packs.keys()]);
      diagnostics.push(mistake(document, [...path, 'mesh'], 'unknown-mesh', message, { hint }));
      return [];
    }
    const { limits } = written.scrape;
    const intervalSeconds = job.interval ?? written.scrape.interval;
    const { filter } = pack.target;
    return {
      name: job.name,
      pack,
      cluster: job.cluster ?? written.cluster,
      intervalSeconds,
      timeoutSeconds: timeoutOf(job, written),
      scheme: job.scheme,
      path: job.path ?? pack.target.path,
      params: job.params,
      filterParams: job.use_filter && filter !== undefined ? { [filter.parameter]: filter.value } : {},
      gzip: job.gzip,
      access: accessOf(job, folder),
      targets: job.targets.map((list) => targetsOf(list, folder)),
      limits: { bodyBytes: limits.body, decompressedBytes: limits.decompressed, series: limits.series },
    } satisfies JobSettings;
  });
  return { jobs, diagnostics };
}

function timeoutOf(job: WrittenJob, { scrape }: WrittenConfig): number {
  return job.timeout ?? scrape.timeout ?? Math.min(usualTimeoutSeconds, job.interval ?? scrape.interval);
}

function checkTimes(
  document: YamlDocument,
  path: ValuePath,
  job: WrittenJob,
  written: WrittenConfig,
): readonly Diagnostic[] {
  const interval = job.interval ?? written.scrape.interval;
  const timeout = timeoutOf(job, written);
  if (timeout <= interval) return [];
  const message = `the timeout of ${formatDuration(timeout)} is longer than the interval of ${formatDuration(interval)}`;
  const at = job.timeout !== undefined ? [...path, 'timeout'] : ['scrape', 'timeout'];
  return [mistake(document, at, 'timeout-above-interval', message, { hint: 'a target is never read twice at once' })];
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
function checkFiles(document: YamlDocument, path: ValuePath, job: WrittenJob, folder: string): readonly Diagnostic[] {
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
