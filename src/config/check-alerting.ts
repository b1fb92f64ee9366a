import type { Diagnostic } from '../domain/diagnostic.js';
import { checkPart, mistake } from '../documents/checked-value.js';
import type { CheckedValue } from '../documents/checked-value.js';
import type { YamlDocument } from '../documents/yaml-document.js';
import { alertingSchema, alertmanagerSchema, linksSchema } from './alerting-schema.js';
import { accessOf, checkAccess } from './check-access.js';
import type { AlertingSettings, LinkSettings } from './config.js';

/** The section `alerting`, or every mistake of every Alertmanager. */
export function checkAlerting(document: YamlDocument, folder: string): CheckedValue<AlertingSettings> {
  const { value: shared, diagnostics: found } = checkPart(document, ['alerting'], alertingSchema);
  // Read from what is written: one wrong key hides no mistake of an Alertmanager.
  const list = (document.value as { alerting?: { alertmanagers?: unknown } | null }).alerting?.alertmanagers;
  const written = (Array.isArray(list) ? list : []).map((_, index) => {
    const path = ['alerting', 'alertmanagers', index];
    return { path, ...checkPart(document, path, alertmanagerSchema) };
  });
  const urls = written.map(({ value }) => value && withoutSlash(value.url));
  const diagnostics: Diagnostic[] = [...found, ...written.flatMap((one) => one.diagnostics)];
  const consequence = 'until it is there, this Alertmanager is told nothing';
  for (const [index, { path, value }] of written.entries()) {
    if (value === undefined) continue;
    diagnostics.push(...checkAccess(document, path, value, { folder, consequence }));
    if (urls.indexOf(urls[index]) < index) {
      diagnostics.push(
        mistake(document, [...path, 'url'], 'duplicate-alertmanager', `Alertmanager ${value.url} is there twice`),
      );
    }
  }
  if (shared === undefined) return { diagnostics };
  const alertmanagers = written.flatMap(({ value }) =>
    value === undefined
      ? []
      : [{ url: withoutSlash(value.url), timeoutSeconds: value.timeout, access: accessOf(value, folder) }],
  );
  return { value: { owner: shared.owner, alertmanagers }, diagnostics };
}

/** The section `links`, or what is wrong with it. */
export function checkLinks(document: YamlDocument): CheckedValue<LinkSettings> {
  const { value, diagnostics } = checkPart(document, ['links'], linksSchema);
  if (value === undefined) return { diagnostics };
  const { page, runbooks, dashboards } = value;
  return {
    value: {
      page: page === undefined ? undefined : withoutSlash(page),
      runbooks,
      dashboards,
      controlPlaneDashboards: value.control_plane_dashboards,
      meshsloDashboard: value.meshslo_dashboard,
    },
    diagnostics,
  };
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}
