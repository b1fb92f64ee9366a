import type { LinkSettings } from '../config/config.js';
import { wholeMinute } from '../domain/clock.js';
import { pathPart, type ServiceId } from '../domain/service-id.js';
import { encodedPart } from '../domain/well-formed.js';
import type { TimeRange } from '../domain/window.js';

/** What a link leads to. */
export interface LinkTarget {
  /** The alert that it stands in. */
  readonly alert: string;
  readonly service: ServiceId;
  /** Undefined for what concerns the whole service. */
  readonly slo: string | undefined;
  /** What the reader should see of it. */
  readonly range: TimeRange;
}

/** What no budget is asked about goes wrong within minutes: so much is shown before now. */
export const shownSeconds = 2 * 3600;

/** The links of an alert, as annotations; those whose base nobody configured are absent. */
export function alertLinks(links: LinkSettings, target: LinkTarget): Readonly<Record<string, string>> {
  const { alert, service, slo, range } = target;
  const words = {
    cluster: service.cluster,
    namespace: service.namespace,
    service: service.name,
    slo: slo ?? '',
    ...inMilliseconds(range),
  };
  return {
    ...(links.page !== undefined && { page_url: `${links.page}${pagePath(target)}` }),
    ...(links.runbooks !== undefined && { runbook_url: filled(links.runbooks, { alert }) }),
    ...(links.dashboards !== undefined && { dashboard_url: filled(links.dashboards, words) }),
  };
}

/** The labels of an alert about meshslo itself: where it is, and who acts for it. */
export function ownLabels({
  cluster,
  owner,
}: {
  readonly cluster: string;
  readonly owner?: string | undefined;
}): Readonly<Record<string, string>> {
  return { cluster, ...(owner !== undefined && { owner }) };
}

/**
 * The links of an alert about meshslo itself; likewise.
 *
 * @param range what the reader should see of its dashboard
 */
export function ownLinks(
  { page, runbooks, meshsloDashboard }: LinkSettings,
  { alert, cluster, range }: { readonly alert: string; readonly cluster: string; readonly range: TimeRange },
): Readonly<Record<string, string>> {
  return {
    ...(page !== undefined && { page_url: page }),
    ...(runbooks !== undefined && { runbook_url: filled(runbooks, { alert }) }),
    ...(meshsloDashboard !== undefined && {
      dashboard_url: filled(meshsloDashboard, { cluster, ...inMilliseconds(range) }),
    }),
  };
}

/** `/services/{cluster}/{namespace}/{service}?slo=NAME&from=EPOCH&to=EPOCH` */
export function pagePath({ service, slo, range }: Omit<LinkTarget, 'alert'>): string {
  const parts = [service.cluster, service.namespace, service.name].map((part) => encodedPart(pathPart(part)));
  const which = slo === undefined ? '' : `slo=${encodedPart(slo)}&`;
  return `/services/${parts.join('/')}?${which}from=${wholeMinute(range.from)}&to=${wholeMinute(range.to)}`;
}

function filled(template: string, words: Readonly<Record<string, string | undefined>>): string {
  return template.replace(/\{(\w+)\}/g, (all, word: string) =>
    Object.hasOwn(words, word) ? encodedPart(words[word]!) : all,
  );
}

/** As Grafana counts. */
function inMilliseconds({ from, to }: TimeRange): { readonly from: string; readonly to: string } {
  return { from: `${wholeMinute(from)}000`, to: `${wholeMinute(to)}000` };
}
