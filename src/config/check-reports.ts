import { resolve } from 'node:path';
import { weekdayNames } from '../domain/weekday.js';
import type { Diagnostic } from '../domain/diagnostic.js';
import { checkPart, mistake } from '../documents/checked-value.js';
import type { CheckedValue } from '../documents/checked-value.js';
import type { YamlDocument } from '../documents/yaml-document.js';
import { checkDestination, checkFile, checkTeam, reachesAnybody } from './check-destinations.js';
import { checkLists } from './check-recipients.js';
import { reportsSchema } from './report-schema.js';
import type { WrittenReports, WrittenSmtp } from './report-schema.js';
import type { MailSettings, MailTransportSettings, ReportDestination, ReportSettings } from './reports.js';

/** The section as it is written, whatever is wrong with it. */
interface RawReports {
  readonly lists?: unknown;
  readonly organisation?: unknown;
  readonly teams?: unknown;
  readonly default?: unknown;
}

/**
 * The section `reports` with everything filled in, or every mistake of all its destinations; no value where there is none.
 *
 * @param environment where the password may stand
 */
export function checkReports(
  document: YamlDocument,
  folder: string,
  environment: NodeJS.ProcessEnv,
): CheckedValue<ReportSettings> {
  const { reports } = document.value as { reports?: RawReports | null };
  if (reports === undefined) return { diagnostics: [] };
  const { value: written, diagnostics: found } = checkPart(document, ['reports'], reportsSchema);
  const raw = typeof reports === 'object' ? (reports ?? {}) : {};
  const { lists, diagnostics: ofLists } = checkLists(document, raw.lists);
  const context = { document, folder, lists };
  const organisation = checkDestination(context, ['reports', 'organisation'], raw.organisation);
  const fallback = checkDestination(context, ['reports', 'default'], raw.default);
  const teams = (Array.isArray(raw.teams) ? (raw.teams as readonly unknown[]) : []).map((team, index) =>
    checkTeam(context, ['reports', 'teams', index], team),
  );
  const all = [organisation, fallback, ...teams];
  const diagnostics: Diagnostic[] = [...found, ...ofLists, ...all.flatMap((one) => one.diagnostics)];
  const destinations = all.flatMap(({ value }) => value ?? []);
  diagnostics.push(
    ...checkTeamNames(
      document,
      teams.map(({ value }) => value?.owner),
    ),
  );
  if (written === undefined) return { diagnostics };
  diagnostics.push(...checkMail(document, written, destinations), ...checkPassword(context, written, environment));
  if (destinations.length < all.length) return { diagnostics };
  if (!destinations.some(reachesAnybody)) {
    const hint = 'write organisation, teams or default; without, reports are in the archive only';
    const message = 'reports are sent to nobody';
    diagnostics.push(mistake(document, ['reports'], 'reports-to-nobody', message, { hint, severity: 'warning' }));
  }
  const { day, at } = written.schedule;
  return {
    value: {
      timeZone: written.time_zone,
      schedule: { weekday: weekdayNames.indexOf(day), minute: at },
      mail: mailOf(written, folder),
      organisation: organisation.value!,
      teams: teams.map(({ value }) => value!),
      fallback: fallback.value!,
    },
    diagnostics,
  };
}

function checkTeamNames(document: YamlDocument, owners: readonly (string | undefined)[]): readonly Diagnostic[] {
  return owners.flatMap((owner, index) => {
    if (owner === undefined || owners.indexOf(owner) === index) return [];
    const message = `team ${JSON.stringify(owner)} is there twice; the first one counts`;
    return [mistake(document, ['reports', 'teams', index, 'owner'], 'duplicate-team', message)];
  });
}

function checkMail(
  document: YamlDocument,
  { from, transport }: WrittenReports,
  destinations: readonly ReportDestination[],
): readonly Diagnostic[] {
  if (!destinations.some(({ addresses }) => addresses.length > 0)) return [];
  const diagnostics: Diagnostic[] = [];
  if (transport === undefined) {
    const hint = 'transport: { smtp: { server: mail.example.com:587, encryption: starttls } }';
    const message = 'reports go to mail addresses, and there is no way to send mail';
    diagnostics.push(mistake(document, ['reports'], 'mail-without-transport', message, { hint, part: 'key' }));
  }
  if (from === undefined) {
    const hint = 'from: meshslo <slo-reports@example.com>';
    const message = 'reports go to mail addresses, and nobody is named as their sender';
    diagnostics.push(mistake(document, ['reports'], 'mail-without-sender', message, { hint, part: 'key' }));
  }
  return diagnostics;
}

function checkPassword(
  context: { readonly document: YamlDocument; readonly folder: string },
  { transport }: WrittenReports,
  environment: NodeJS.ProcessEnv,
): readonly Diagnostic[] {
  if (transport === undefined || !('smtp' in transport)) return [];
  const path = ['reports', 'transport', 'smtp'];
  const { ca_file, password_file, password_env } = transport.smtp;
  const diagnostics = [
    ...checkFile(context, [...path, 'ca_file'], ca_file),
    ...checkFile(context, [...path, 'password_file'], password_file),
  ];
  if (password_env === undefined || environment[password_env] !== undefined) return diagnostics;
  const message = `environment variable ${password_env} is not set`;
  const hint = 'until it is, reports wait';
  const at = [...path, 'password_env'];
  return [...diagnostics, mistake(context.document, at, 'variable-unset', message, { hint, severity: 'warning' })];
}

function mailOf({ from, reply_to, transport }: WrittenReports, folder: string): MailSettings | undefined {
  if (from === undefined || transport === undefined) return undefined;
  return { from, replyTo: reply_to, transport: transportOf(transport, folder) };
}

function transportOf(written: NonNullable<WrittenReports['transport']>, folder: string): MailTransportSettings {
  if ('folder' in written) return { kind: 'folder', folder: resolve(folder, written.folder) };
  return smtpOf(written.smtp, folder);
}

function smtpOf(written: WrittenSmtp, folder: string): MailTransportSettings {
  const { server, encryption, username, password_file, password_env, ca_file, server_name, timeout, connections } =
    written;
  const colon = server.lastIndexOf(':');
  return {
    kind: 'smtp',
    host: server.slice(0, colon).replace(/^\[|\]$/g, ''),
    port: Number(server.slice(colon + 1)),
    encryption,
    login:
      username === undefined
        ? undefined
        : {
            username,
            // The schema has one of the two.
            password:
              password_file === undefined
                ? { kind: 'environment', variable: password_env! }
                : { kind: 'file', file: resolve(folder, password_file) },
          },
    caFile: ca_file === undefined ? undefined : resolve(folder, ca_file),
    serverName: server_name,
    timeoutSeconds: timeout,
    connections,
  };
}
