import { createHash } from 'node:crypto';
import { Failure } from '../../domain/failure.js';
import type { TargetGroup } from '../../config/target-settings.js';
import type { ScrapeJob } from '../scrape-job.js';

/** One thing to scrape. */
export interface Target {
  /**
   * Job (percent-encoded), a space, address, path and a hash of the parameters, which may hold secrets: the same target as
   * long as these stay the same.
   */
  readonly id: string;
  readonly job: string;
  /** What is asked, as people know it; without the values of parameters and without the target's filter. */
  readonly url: string;
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  /** Path and query as they are sent. */
  readonly requestPath: string;
  readonly labels: ReadonlyMap<string, string>;
}

type TargetDefaults = Pick<ScrapeJob, 'name' | 'scheme' | 'path' | 'params' | 'filterParams' | 'defaultPort'>;

/** The targets of some groups; each once, in the order of their identities. */
export function targetsOf(job: TargetDefaults, groups: readonly TargetGroup[]): readonly Target[] {
  const targets = new Map<string, Target>();
  for (const group of groups) {
    for (const address of group.targets) {
      const target = makeTarget(job, address, group.labels);
      if (!targets.has(target.id)) targets.set(target.id, target);
    }
  }
  return [...targets.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/**
 * One target; the labels `__address__`, `__scheme__`, `__metrics_path__` and `__param_*` override the job.
 *
 * @throws Failure `bad-configuration` for an address that nobody can connect to
 */
export function makeTarget(job: TargetDefaults, address: string, labels: Readonly<Record<string, string>>): Target {
  const scheme = labels['__scheme__'] ?? job.scheme;
  if (scheme !== 'http' && scheme !== 'https') throw bad(address, `no such scheme: ${scheme.slice(0, 40)}`);
  const { host, port } = splitAddress(
    labels['__address__'] ?? address,
    job.defaultPort ?? (scheme === 'https' ? 443 : 80),
  );
  const path = labels['__metrics_path__'] ?? job.path;
  if (!/^\/[\x21-\x7e]*$/.test(path)) throw bad(address, 'its path must begin with a slash and hold no spaces');

  const params = new URLSearchParams();
  for (const [name, values] of Object.entries(job.params)) {
    const override = labels[`__param_${name}`];
    for (const value of override === undefined ? values : [override, ...values.slice(1)]) params.append(name, value);
  }
  for (const [label, value] of Object.entries(labels)) {
    const name = /^__param_(.+)$/.exec(label)?.[1];
    if (name !== undefined && !(name in job.params)) params.append(name, value);
  }
  const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const [plainPath, ownQuery = ''] = path.split(/\?(.*)/, 2) as [string, string?];
  const query = [ownQuery, params.toString()].filter(Boolean).join('&');
  for (const [name, value] of Object.entries(job.filterParams)) params.append(name, value);
  const sent = params.toString();
  return {
    id: `${encodeURIComponent(job.name)} ${authority}${plainPath}${query && `?${hashOf(query)}`}`,
    job: job.name,
    url: `${scheme}://${authority}${plainPath}${query && `?${namesOf(query)}`}`,
    scheme,
    host,
    port,
    requestPath: `${path}${sent && `${path.includes('?') ? '&' : '?'}${sent}`}`,
    labels: new Map(Object.entries(labels).filter(([name]) => !name.startsWith('__'))),
  };
}

function splitAddress(address: string, defaultPort: number): { host: string; port: number } {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9._-]+))(?::(\d{1,5}))?$/.exec(address);
  if (!match) throw bad(address, 'an address is host:port, without scheme and path');
  const port = match[3] === undefined ? defaultPort : Number(match[3]);
  if (port < 1 || port > 65_535) throw bad(address, 'no such port');
  return { host: (match[1] ?? match[2])!, port };
}

function hashOf(query: string): string {
  return createHash('sha256').update(query).digest('hex').slice(0, 16);
}

function namesOf(query: string): string {
  return query
    .split('&')
    .map((pair) => pair.replace(/=.*/s, '=***'))
    .join('&');
}

/** Names the address as far as it is none of a secret: without a user, without parameters. */
function bad(address: string, why: string): Failure {
  const shown = address.replace(/^.*@/s, '***@').replace(/\?.*/s, '?***').slice(0, 200);
  return new Failure('bad-configuration', `target ${JSON.stringify(shown)}: ${why}`);
}
