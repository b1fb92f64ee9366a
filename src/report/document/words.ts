import { pagePath } from '../../alerting/alert-links.js';
import type { ServiceId } from '../../domain/service-id.js';
import type { Slo } from '../../domain/slo.js';
import type { TimeRange } from '../../domain/window.js';
import type { WeekReport } from '../week-report.js';
import { Moments } from '../words/moments.js';
import { serviceName } from '../words/names.js';

/** How one report calls moments and services, and where they are on the page. */
export interface Words {
  readonly moments: Moments;
  /** With its cluster where the report has several. */
  readonly service: (id: ServiceId) => string;
  /** Undefined where nobody said where the page is. */
  readonly serviceHref: (id: ServiceId, range?: TimeRange) => string | undefined;
  readonly sloHref: (slo: Pick<Slo, 'service' | 'name'>, range?: TimeRange) => string | undefined;
}

export function wordsOf({ period, slos, page }: WeekReport): Words {
  const hasOneCluster = new Set(slos.map(({ slo }) => slo.service.cluster)).size <= 1;
  const week = { from: period.from, to: period.knownUntil };
  const href = (service: ServiceId, slo: string | undefined, range: TimeRange): string | undefined =>
    page === undefined ? undefined : `${page}${pagePath({ service, slo, range })}`;
  return {
    moments: new Moments(period.timeZone),
    service: (id) => serviceName(id, hasOneCluster),
    serviceHref: (id, range = week) => href(id, undefined, range),
    sloHref: ({ service, name }, range = week) => href(service, name, range),
  };
}
