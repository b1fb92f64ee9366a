import { pathPart, parseServiceKey, type ServiceId } from '../../domain/service-id.js';

/** What an address of the page is about. */
export type Route =
  | { readonly page: 'services' }
  | ServiceRoute
  | { readonly page: 'alerts' }
  | { readonly page: 'alert'; readonly id: string }
  | { readonly page: 'findings'; readonly kind: string | undefined; readonly owner: string | undefined }
  | { readonly page: 'finding'; readonly id: string }
  | { readonly page: 'migration' }
  | { readonly page: 'control-plane' }
  | { readonly page: 'reports'; readonly team: string | undefined }
  | { readonly page: 'report'; readonly id: string }
  | { readonly page: 'unknown' };

/** One service; the SLO that is looked at, and the time, where the address says so. */
export interface ServiceRoute {
  readonly page: 'service';
  readonly service: ServiceId;
  readonly slo: string | undefined;
  readonly range: ShownRange;
}

/** Either a stretch of time that stays, or the last seconds as they pass. */
export type ShownRange =
  | { readonly kind: 'fixed'; readonly from: number; readonly to: number }
  | { readonly kind: 'live'; readonly seconds: number };

/** What is shown where nobody asked for a time: long enough to see when it began, minute by minute. */
export const usualSeconds = 3 * 3600;

/** Reads an address; parts of it may be anything that somebody typed. */
export function routeOf({ pathname, search }: { readonly pathname: string; readonly search: string }): Route {
  const parts = pathname.split('/').slice(1).map(decode);
  const [page, ...rest] = parts;
  if (parts.includes(undefined)) return { page: 'unknown' };
  if (page === '' && rest.length === 0) return { page: 'services' };
  if (page === 'alerts' && rest.length === 0) return { page: 'alerts' };
  if (page === 'alerts' && rest.length === 1 && rest[0]) return { page: 'alert', id: rest[0] };
  if (page === 'migration' && rest.length === 0) return { page: 'migration' };
  if (page === 'findings' && rest.length === 0) return findingsRoute(new URLSearchParams(search));
  if (page === 'findings' && rest.length === 1 && rest[0]) return { page: 'finding', id: rest[0] };
  if (page === 'control-plane' && rest.length === 0) return { page: 'control-plane' };
  if (page === 'reports' && rest.length === 0) {
    return { page: 'reports', team: new URLSearchParams(search).get('team') || undefined };
  }
  if (page === 'reports' && rest.length === 1 && rest[0]) return { page: 'report', id: rest[0] };
  const service = page === 'services' ? parseServiceKey(rest.join('/')) : undefined;
  if (!service) return { page: 'unknown' };
  const asked = new URLSearchParams(search);
  return { page: 'service', service, slo: asked.get('slo') ?? undefined, range: rangeOf(asked) };
}

/** `/services/berlin/shop/cart?slo=latency&from=1772452800&to=1772456400` */
export function serviceAddress(service: ServiceId, asked: { readonly slo?: string; readonly range?: ShownRange } = {}) {
  const parts = [service.cluster, service.namespace, service.name];
  const parameters = new URLSearchParams();
  if (asked.slo !== undefined) parameters.set('slo', asked.slo);
  if (asked.range?.kind === 'fixed') {
    parameters.set('from', String(asked.range.from));
    parameters.set('to', String(asked.range.to));
  } else if (asked.range && asked.range.seconds !== usualSeconds) parameters.set('last', String(asked.range.seconds));
  const search = parameters.size === 0 ? '' : `?${parameters.toString()}`;
  return `/services/${parts.map((part) => encodeURIComponent(pathPart(part))).join('/')}${search}`;
}

export function alertAddress(id: string): string {
  return `/alerts/${encodeURIComponent(id)}`;
}

export function reportAddress(id: string): string {
  return `/reports/${encodeURIComponent(id)}`;
}

/** The reports of one team, or of the organisation. */
export function reportsAddress(team: string | undefined): string {
  return team === undefined ? '/reports' : `/reports?team=${encodeURIComponent(team)}`;
}

export function findingAddress(id: string): string {
  return `/findings/${encodeURIComponent(id)}`;
}

/** The findings of one kind, of one owner (nobody's, where it is empty), or all. */
export function findingsAddress(asked: { readonly kind?: string; readonly owner?: string }): string {
  const parameters = new URLSearchParams(asked);
  return parameters.size === 0 ? '/findings' : `/findings?${parameters.toString()}`;
}

/** Where `/#slo=<id>` of the page's first version is now; undefined for any other fragment. */
export function movedAddress(hash: string): string | undefined {
  const id = decode(/^#slo=(.+)$/.exec(hash)?.[1] ?? '') ?? '';
  const end = id.lastIndexOf('/');
  const service = parseServiceKey(id.slice(0, end));
  const slo = id
    .slice(end + 1)
    .replace(/%2F/g, '/')
    .replace(/%25/g, '%');
  return service && slo ? serviceAddress(service, { slo }) : undefined;
}

function findingsRoute(asked: URLSearchParams): Route {
  return { page: 'findings', kind: asked.get('kind') ?? undefined, owner: asked.get('owner') ?? undefined };
}

/** Nothing is seen in less: slots are a minute long. */
const leastSeconds = 300;

/** No moment in seconds is so large before the year 5138: it is one of those who count milliseconds. */
const leastMilliseconds = 1e11;

function rangeOf(asked: URLSearchParams): ShownRange {
  const [from, to, last] = ['from', 'to', 'last'].map((name) => {
    const value = Number(asked.get(name) ?? NaN);
    return value >= leastMilliseconds ? value / 1000 : value;
  });
  if (from! >= 0 && to! > from!) {
    const start = Math.floor(from!);
    return { kind: 'fixed', from: start, to: Math.max(Math.ceil(to!), start + leastSeconds) };
  }
  return { kind: 'live', seconds: last! >= 60 && last! < Infinity ? Math.floor(last!) : usualSeconds };
}

function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
