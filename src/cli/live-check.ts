import type { AccessSettings } from '../config/access-settings.js';
import type { Config } from '../config/config.js';
import { present } from '../documents/present.js';
import { visible } from '../documents/visible.js';
import { Failure } from '../domain/failure.js';
import { starUserInfo } from '../domain/user-info.js';
import { HttpPrometheus } from '../prometheus/http-prometheus.js';
import type { LiveFinding } from '../prometheus/live-check/finding.js';
import { runLiveCheck } from '../prometheus/live-check/run-live-check.js';
import type { LiveCheck } from '../prometheus/live-check/run-live-check.js';
import { AccessFiles } from '../scrape/http/access.js';
import { systemClock } from './system-clock.js';

/** How to get in. Secrets come from files only: the command line is everybody's to read. */
export interface LiveOptions {
  readonly tokenFile?: string;
  readonly user?: string;
  readonly passwordFile?: string;
  readonly caFile?: string;
  readonly tenant?: string;
  readonly timeout?: number;
}

/** A look at a server, and where it was. */
export interface LiveLook extends LiveCheck {
  readonly address: string;
}

/** What an answer may take where nobody says. */
export const usualTimeoutSeconds = 30;

/** Names of metrics of a large server are some MB. */
const answerBytes = 32 * 1024 ** 2;

/**
 * Looks at the server behind an address.
 *
 * @throws Failure where it cannot be asked
 */
export async function lookLive(config: Config, url: string, options: LiveOptions): Promise<LiveLook> {
  const api = await connectLive('--live', url, options);
  try {
    return { address: api.address, ...(await runLiveCheck(api, config, systemClock)) };
  } finally {
    api.close();
  }
}

/**
 * A server that can be asked, by what stands on the command line; nothing is asked yet.
 *
 * @param option how the address is called there
 * @throws Failure `bad-arguments`, and that of a secret's file
 */
export async function connectLive(option: string, url: string, options: LiveOptions): Promise<HttpPrometheus> {
  if (!/^https?:\/\/[^/]/i.test(url) || !URL.canParse(url)) {
    throw new Failure('bad-arguments', `${option} ${starUserInfo(url)} is no HTTP address`, {
      hint: 'such as http://prometheus.example:9090',
    });
  }
  const files = new AccessFiles(accessOf(options));
  await files.refresh();
  if (files.trouble) throw files.trouble;
  return new HttpPrometheus({
    url,
    access: files.access,
    tenant: options.tenant,
    timeoutSeconds: options.timeout ?? usualTimeoutSeconds,
    answerBytes,
    clock: systemClock,
  });
}

function accessOf({ tokenFile, user, passwordFile, caFile }: LiveOptions): AccessSettings {
  if ((user === undefined) !== (passwordFile === undefined)) {
    throw new Failure('bad-arguments', '--user and --password-file go together');
  }
  if (tokenFile !== undefined && user !== undefined) {
    throw new Failure('bad-arguments', 'a request has one authorization: --token-file or --user');
  }
  return present({
    tls: caFile === undefined ? undefined : { caFile },
    authorization:
      tokenFile !== undefined
        ? { kind: 'bearer' as const, tokenFile }
        : user !== undefined && passwordFile !== undefined
          ? { kind: 'basic' as const, username: user, passwordFile }
          : undefined,
  });
}

const marks: Readonly<Record<LiveFinding['verdict'], { readonly mark: string; readonly color: string }>> = {
  good: { mark: '✓', color: '32' },
  warning: { mark: '!', color: '33' },
  error: { mark: '✗', color: '31' },
  unknown: { mark: '?', color: '36' },
};

/** What was seen, a line each, and what to do under those that ask for it. */
export function liveText({ address, version, findings }: LiveLook, color: boolean): string {
  const lines = findings.flatMap(({ verdict, message, hint }) => {
    const { mark, color: tone } = marks[verdict];
    const painted = color ? `\u001b[${tone}m${mark}\u001b[0m` : mark;
    return [`  ${painted} ${visible(message)}`, ...(hint === undefined ? [] : [`      ${visible(hint)}`])];
  });
  const count = (verdict: LiveFinding['verdict']): number => findings.filter((one) => one.verdict === verdict).length;
  const [errors, warnings, unknown] = [count('error'), count('warning'), count('unknown')];
  const what = errors > 0 ? `lacks ${errors} of what the rules need` : 'has what the rules need';
  const further = [
    ...(warnings > 0 ? [`${warnings} warning${warnings === 1 ? '' : 's'}`] : []),
    ...(unknown > 0 ? [`${unknown} unknown`] : []),
  ];
  const title = `${address} (${version === undefined ? 'of unknown version' : `version ${visible(version)}`})`;
  return `\n${title}\n${lines.join('\n')}\n\nIt ${[what, ...further].join(', ')}.\n`;
}
