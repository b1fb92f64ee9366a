import { resolve } from 'node:path';
import type { Diagnostic } from '../domain/diagnostic.js';
import { wellFormed } from '../domain/well-formed.js';
import { checkPart, mistake } from '../documents/checked-value.js';
import type { CheckedValue } from '../documents/checked-value.js';
import type { ValuePath, YamlDocument } from '../documents/yaml-document.js';
import { accessOf, checkAccess, isReadable } from './check-access.js';
import { checkRecipients } from './check-recipients.js';
import type { RecipientLists } from './check-recipients.js';
import { destinationSchema, teamDestinationSchema } from './report-schema.js';
import type { WrittenDestination, WrittenWebhook } from './report-schema.js';
import type { ReportDestination, ReportWebhookSettings, TeamDestination } from './reports.js';

/** What all destinations of a configuration share. */
export interface DestinationContext {
  readonly document: YamlDocument;
  readonly folder: string;
  readonly lists: RecipientLists;
}

export const nowhere: ReportDestination = { addresses: [], slack: [], webhooks: [] };

/** Whether a report that goes there reaches anybody. */
export function reachesAnybody({ addresses, slack, webhooks }: ReportDestination): boolean {
  return addresses.length + slack.length + webhooks.length > 0;
}

/** `organisation` or `default`: where one report goes, or every mistake in it; nowhere where nothing is written. */
export function checkDestination(
  context: DestinationContext,
  path: ValuePath,
  written: unknown,
): CheckedValue<ReportDestination> {
  if (written === undefined) return { value: nowhere, diagnostics: [] };
  const { value, diagnostics } = checkPart(context.document, path, destinationSchema);
  return finish(context, path, written, value, diagnostics);
}

/** One of `teams`. */
export function checkTeam(
  context: DestinationContext,
  path: ValuePath,
  written: unknown,
): CheckedValue<TeamDestination> {
  const { value, diagnostics } = checkPart(context.document, path, teamDestinationSchema);
  const { value: destination, diagnostics: all } = finish(context, path, written, value, diagnostics);
  if (value === undefined || destination === undefined) return { diagnostics: all };
  return { value: { owner: wellFormed(value.owner), ...destination }, diagnostics: all };
}

/** Recipients are read from what is written: one wrong key beside them hides none of their mistakes. */
function finish(
  context: DestinationContext,
  path: ValuePath,
  written: unknown,
  value: WrittenDestination | undefined,
  found: readonly Diagnostic[],
): CheckedValue<ReportDestination> {
  const { document, folder, lists } = context;
  const to = (written as { to?: unknown } | null)?.to;
  const recipients =
    to === undefined ? { addresses: [], diagnostics: [] } : checkRecipients(document, [...path, 'to'], to, lists);
  const diagnostics = [...found, ...recipients.diagnostics];
  if (value === undefined) return { diagnostics };
  const slack = placesOf(value.slack, [...path, 'slack']);
  const webhooks = placesOf(value.webhook, [...path, 'webhook']);
  for (const { at, one } of slack) diagnostics.push(...checkFile(context, [...at, 'url_file'], one.url_file));
  for (const { at, one } of webhooks) {
    diagnostics.push(...checkFile(context, [...at, 'url_file'], one.url_file));
    diagnostics.push(
      ...checkAccess(document, at, one, { folder, consequence: 'until it is there, it is not sent to' }),
    );
  }
  const destination: ReportDestination = {
    addresses: recipients.addresses,
    slack: slack.map(({ one }) => ({ urlFile: resolve(folder, one.url_file) })),
    webhooks: webhooks.map(({ one }) => webhookOf(one, folder)),
  };
  if (!reachesAnybody(destination) && to === undefined) {
    const hint = 'at least one of: to, slack, webhook';
    const message = 'a destination that reaches nobody';
    diagnostics.push(mistake(document, path, 'destination-without-way', message, { hint }));
  }
  return { value: destination, diagnostics };
}

/** One, or several, each with its place. */
function placesOf<T extends object>(written: T | readonly T[] | undefined, path: ValuePath) {
  if (written === undefined) return [];
  if (!Array.isArray(written)) return [{ at: path, one: written as T }];
  return (written as readonly T[]).map((one, index) => ({ at: [...path, index], one }));
}

function webhookOf(written: WrittenWebhook, folder: string): ReportWebhookSettings {
  const { url, url_file, timeout } = written;
  return {
    url: url_file === undefined ? { kind: 'open', url: url! } : { kind: 'file', file: resolve(folder, url_file) },
    timeoutSeconds: timeout,
    access: accessOf(written, folder),
  };
}

/** It may be mounted later, so that is no more than a warning. */
export function checkFile(
  { document, folder }: Pick<DestinationContext, 'document' | 'folder'>,
  path: ValuePath,
  file: string | undefined,
): readonly Diagnostic[] {
  if (file === undefined || isReadable(resolve(folder, file))) return [];
  const hint = 'until it is there, reports wait';
  return [mistake(document, path, 'file-unreadable', `${file} cannot be read`, { hint, severity: 'warning' })];
}
