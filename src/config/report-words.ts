import { formatDuration } from '../domain/duration.js';
import { clockTime, weekdayNames } from '../domain/weekday.js';
import { present } from '../documents/present.js';
import type { AccessSettings } from './access-settings.js';
import type { MailAddress, MailTransportSettings, ReportDestination, ReportSettings } from './reports.js';
import type { WordMap, Words } from './words.js';

/** How other sections tell files and logins. */
interface Telling {
  readonly fileWord: (path: string) => string;
  readonly accessWords: (access: AccessSettings) => WordMap;
}

/** The section as people would write it, lists told by their addresses and teams by name. */
export function reportWords(settings: ReportSettings, telling: Telling): WordMap {
  const { timeZone, schedule, mail, organisation, teams, fallback } = settings;
  return present({
    time_zone: timeZone,
    schedule: { day: weekdayNames[schedule.weekday]!, at: clockTime(schedule.minute) },
    from: mail && addressWord(mail.from),
    reply_to: mail?.replyTo && addressWord(mail.replyTo),
    transport: mail && transportWords(mail.transport, telling),
    organisation: destinationWords(organisation, telling),
    teams: Object.fromEntries(teams.map((team) => [team.owner, destinationWords(team, telling)])),
    default: destinationWords(fallback, telling),
  });
}

/** `Some Body <somebody@example.com>`. */
export function addressWord({ name, address }: MailAddress): string {
  return name === undefined ? address : `${name} <${address}>`;
}

function transportWords(transport: MailTransportSettings, { fileWord }: Telling): WordMap {
  if (transport.kind === 'folder') return { folder: fileWord(transport.folder) };
  const { host, port, encryption, login, caFile, serverName, timeoutSeconds, connections } = transport;
  const password = login?.password;
  return {
    smtp: present({
      server: `${host.includes(':') ? `[${host}]` : host}:${port}`,
      encryption,
      username: login?.username,
      password_file: password?.kind === 'file' ? fileWord(password.file) : undefined,
      password_env: password?.kind === 'environment' ? password.variable : undefined,
      ca_file: caFile && fileWord(caFile),
      server_name: serverName,
      timeout: formatDuration(timeoutSeconds),
      connections: String(connections),
    }),
  };
}

function destinationWords(
  { addresses, slack, webhooks }: ReportDestination,
  { fileWord, accessWords }: Telling,
): WordMap {
  const hooks = webhooks.map(({ url, timeoutSeconds, access }): Words => ({
    ...(url.kind === 'file' ? { url_file: fileWord(url.file) } : { url: url.url }),
    timeout: formatDuration(timeoutSeconds),
    ...accessWords(access),
  }));
  return {
    ...(addresses.length > 0 && { to: addresses.map(addressWord) }),
    ...(slack.length > 0 && { slack: slack.map(({ urlFile }) => ({ url_file: fileWord(urlFile) })) }),
    ...(hooks.length > 0 && { webhook: hooks }),
  };
}
