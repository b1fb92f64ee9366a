import { dirname, relative } from 'node:path';
import { formatDuration } from '../domain/duration.js';
import { percentInWords } from '../domain/in-words.js';
import type { SloAlerts } from '../domain/slo.js';
import type { Window } from '../domain/window.js';
import { present } from '../documents/present.js';
import type { AccessSettings } from './access-settings.js';
import type { Config, JobSettings, ListenSettings } from './config.js';
import { catalogWords } from './catalog-words.js';
import { controlPlaneWords } from './control-plane-words.js';
import { notificationWords } from './notification-words.js';
import { publishWords } from './publish-words.js';
import { reportWords } from './report-words.js';
import type { MatchRule, SloChange, SloRules, SloTerms } from './slo-rules.js';
import type { TargetListSettings } from './target-settings.js';
import type { WordMap, Words } from './words.js';

/** A configuration as people would write it, defaults filled in; jobs, tiers and services by name. Packs are left out. */
export function configWords(config: Config): WordMap {
  const { listen, ledgerPath, cluster, clusterAliases, scrape, slos, alerting, links } = config;
  const fileWord = (path: string): string => shortPath(dirname(config.file), path);
  return {
    cluster,
    cluster_aliases: Object.fromEntries(clusterAliases),
    listen: listenWords(listen, fileWord),
    ledger: fileWord(ledgerPath),
    scrape: { limits: { concurrency: String(scrape.concurrency), ...limitWords(scrape.jobs) } },
    job: Object.fromEntries(scrape.jobs.map((job) => [job.name, jobWords(job, fileWord)])),
    window: windowWords(slos.window),
    tier: mapWords(slos.tiers, (terms) => ({ slos: mapWords(terms, sloWords) })),
    default_tier: slos.defaultTier,
    tiers: slos.tierRules.map((rule) => ruleWords('tier', rule)),
    owners: slos.ownerRules.map((rule) => ruleWords('owner', rule)),
    service: serviceWords(slos),
    links: present({ ...links }),
    rules: {
      delay: formatDuration(config.rules.delaySeconds),
      ...present({ cluster_label: config.rules.clusterLabel }),
      target_labels: config.rules.targetLabels.join(', '),
      alert_files: config.rules.alertFiles,
    },
    ...(alerting.owner !== undefined && { alerting: { owner: alerting.owner } }),
    alertmanager: Object.fromEntries(
      alerting.alertmanagers.map(({ url, timeoutSeconds, access }) => [
        url,
        { timeout: formatDuration(timeoutSeconds), ...accessWords(access, fileWord) },
      ]),
    ),
    'control plane': Object.fromEntries(
      config.controlPlanes.map((one) => [
        one.name,
        controlPlaneWords(one, {
          targetWords: (list) => targetWords(list, fileWord),
          accessWords: (access) => accessWords(access, fileWord),
        }),
      ]),
    ),
    ...catalogWords(config.catalog, { fileWord, accessWords: (access) => accessWords(access, fileWord) }),
    ...(config.notifications && { notifications: notificationWords(config.notifications, fileWord) }),
    ...(config.reports && {
      reports: reportWords(config.reports, { fileWord, accessWords: (access) => accessWords(access, fileWord) }),
    }),
    ...(config.publish && {
      publish: publishWords(config.publish, fileWord, (access) => accessWords(access, fileWord)),
    }),
  };
}

type FileWord = (path: string) => string;

/** As seen from the folder, where it is inside; else the whole path. */
function shortPath(folder: string, path: string): string {
  const name = relative(folder, path);
  return name === '' || name.startsWith('..') ? path : name;
}

function mapWords<T>(map: ReadonlyMap<string, T>, wordsOf: (value: T) => Words): WordMap {
  return Object.fromEntries([...map].map(([key, value]) => [key, wordsOf(value)]));
}

function listenWords({ address, port, authentication }: ListenSettings, fileWord: FileWord): WordMap {
  const where = { address, port: String(port) };
  if (authentication.kind === 'none') return authentication.explicit ? { ...where, authentication: 'none' } : where;
  const tokens = authentication.tokens.map(({ name, role, from }) => ({
    name,
    role,
    ...(from.kind === 'file' ? { file: fileWord(from.file) } : { env: from.variable }),
  }));
  return { ...where, tokens };
}

/** What one scrape may cost is said once for all jobs. */
function limitWords([job]: readonly JobSettings[]): WordMap {
  if (job === undefined) return {};
  const { bodyBytes, decompressedBytes, series, services } = job.limits;
  return {
    body: sizeWord(bodyBytes),
    decompressed: sizeWord(decompressedBytes),
    series: String(series),
    services: String(services),
  };
}

function sizeWord(bytes: number): string {
  for (const [unit, size] of [
    ['GiB', 1024 ** 3],
    ['MiB', 1024 ** 2],
    ['KiB', 1024],
  ] as const) {
    if (bytes % size === 0) return `${bytes / size}${unit}`;
  }
  return `${bytes}B`;
}

function jobWords(job: JobSettings, fileWord: FileWord): WordMap {
  return {
    mesh: job.pack.name,
    cluster: job.cluster,
    interval: formatDuration(job.intervalSeconds),
    timeout: formatDuration(job.timeoutSeconds),
    scheme: job.scheme,
    path: job.path,
    params: job.params,
    use_filter: String(Object.keys(job.filterParams).length > 0),
    gzip: String(job.gzip),
    targets: job.targets.flatMap((list) => targetWords(list, fileWord)),
    ...accessWords(job.access, fileWord),
  };
}

function targetWords(list: TargetListSettings, fileWord: FileWord): readonly Words[] {
  switch (list.kind) {
    case 'static':
      return list.groups.map(({ targets, labels }) => ({ static: targets, ...withContent({ labels }) }));
    case 'files':
      return [{ file_sd: { files: list.paths.map(fileWord), refresh: formatDuration(list.refreshSeconds) } }];
    case 'dns': {
      const { names, port, refreshSeconds } = list;
      return [{ dns_sd: { names, port: String(port), refresh: formatDuration(refreshSeconds) } }];
    }
    case 'http': {
      const { url, refreshSeconds, access } = list;
      return [{ http_sd: { url, refresh: formatDuration(refreshSeconds), ...accessWords(access, fileWord) } }];
    }
  }
}

function accessWords({ tls, authorization }: AccessSettings, fileWord: FileWord): WordMap {
  const file = (path: string | undefined): string | undefined => path && fileWord(path);
  const words = tls && {
    ca_file: file(tls.caFile),
    cert_file: file(tls.certFile),
    key_file: file(tls.keyFile),
    server_name: tls.serverName,
    insecure_skip_verify: tls.insecureSkipVerify?.toString(),
  };
  const login =
    authorization?.kind === 'bearer'
      ? { authorization: { bearer_token_file: fileWord(authorization.tokenFile) } }
      : authorization && {
          basic_auth: { username: authorization.username, password_file: fileWord(authorization.passwordFile) },
        };
  return { ...(words && { tls: present(words) }), ...login };
}

function ruleWords(what: 'tier' | 'owner', { gives, cluster, namespace, service }: MatchRule): WordMap {
  return { [what]: gives, ...present({ cluster, namespace, service }) };
}

/** What all documents together say of each service. */
function serviceWords({ services }: SloRules): WordMap {
  const said: Record<string, WordMap> = {};
  for (const { cluster, namespace, name, owner, tier, mesh, alerts, slos } of [...services.values()].flat()) {
    const key = [...(cluster === undefined ? [] : [cluster]), namespace, name].join('/');
    const before = said[key] ?? {};
    const own = mapWords(slos, (change) => (change === 'off' ? change : sloWords(change)));
    const all = { ...(before['slos'] as WordMap | undefined), ...own };
    said[key] = {
      ...before,
      ...present({ owner, tier, mesh: mesh?.name }),
      ...withContent({ alerts: alertWords(alerts), slos: all }),
    };
  }
  return said;
}

function alertWords({ policy, pages }: Partial<SloAlerts>): WordMap {
  return present({ policy, pages: pages === undefined ? undefined : pages ? 'on' : 'off' });
}

function sloWords(terms: SloChange | SloTerms): WordMap {
  const { objective, indicator, window, budgeting, perspective, filter, alerts } = terms;
  const slices = budgeting?.method === 'time-slices' ? budgeting : undefined;
  const words = {
    objective: objective === undefined ? undefined : percentWord(objective),
    threshold:
      indicator === undefined || indicator.kind === 'availability'
        ? undefined
        : formatDuration(indicator.thresholdSeconds),
    quantile: indicator?.kind === 'latency-windows' ? percentWord(indicator.quantile) : undefined,
    window: window && windowWords(window),
    budgeting: slices
      ? { time_slices: formatDuration(slices.sliceSeconds), slice_objective: percentWord(slices.sliceObjective) }
      : budgeting?.method,
    perspective,
  };
  return { ...present(words), ...withContent({ filter: present(filter ?? {}), alerts: alertWords(alerts ?? {}) }) };
}

/** `99.9%`; everywhere else a percentage is read, here it might be copied into the file. */
function percentWord(ratio: number): string {
  return percentInWords(ratio).replace(' ', '');
}

function windowWords(window: Window): Words {
  return window.kind === 'rolling'
    ? formatDuration(window.seconds)
    : { calendar: window.period, time_zone: window.timeZone };
}

/** The object without maps that are empty: nobody writes them. */
function withContent(maps: Readonly<Record<string, WordMap>>): WordMap {
  return Object.fromEntries(Object.entries(maps).filter(([, map]) => Object.keys(map).length > 0));
}
