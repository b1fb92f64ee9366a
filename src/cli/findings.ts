import { Command, Option } from 'commander';
import { visibleJson } from '../documents/visible.js';
import { findingSeverities } from '../domain/finding-kinds.js';
import type { FindingList } from '../server/api-types/finding.js';
import { findingListAnswer } from './answers.js';
import { askService, type ServiceAddress, withServiceAddress } from './ask-service.js';
import { findingText } from './finding-text.js';
import { standardOutput, type Terminal } from './terminal.js';

export interface FindingsOptions extends ServiceAddress {
  readonly kind?: string;
  readonly owner?: string;
  readonly severity?: string;
  readonly output: 'text' | 'json';
}

/** All that there may be. */
const limit = 10_000;

/** `meshslo findings`: what a running meshslo finds wrong with meshes, registries and the catalogue. */
export function findingsCommand(): Command {
  return withServiceAddress(new Command('findings'))
    .description(
      'show what is wrong with control planes, sidecars, registry and catalogue: evidence, owner, what to do',
    )
    .addOption(new Option('--kind <kind>', 'only findings of this kind').choices(Object.keys(findingSeverities)))
    .option('--owner <owner>', 'only findings of this owner; "" for those of nobody')
    .addOption(new Option('--severity <severity>', 'only these').choices(['critical', 'warning', 'info']))
    .addOption(new Option('--output <format>', 'how to print').choices(['text', 'json']).default('text'))
    .addHelpText(
      'after',
      '\nExits with 0 when nothing critical is found and everybody could look, 1 when something critical is found' +
        '\nor somebody could not look, 2 when nobody answers.',
    )
    .addHelpText('after', '\nExample:\n  $ meshslo findings --owner team-payments')
    .action(async (options: FindingsOptions) => {
      process.exitCode = await showFindings(options, standardOutput());
    });
}

/**
 * @returns the exit code.
 * @throws Failure as {@link askService} does
 */
export async function showFindings(options: FindingsOptions, terminal: Terminal): Promise<0 | 1> {
  const { kind, owner, severity } = options;
  const asked = new URLSearchParams({
    limit: String(limit),
    ...(kind !== undefined && { kind }),
    ...(owner !== undefined && { owner }),
    ...(severity !== undefined && { severity }),
  });
  const list = await askService(options, async (ask) => {
    const { text, origin } = await ask(`api/v1/findings?${asked.toString()}`);
    return findingListAnswer(text, origin);
  });
  terminal.write(
    options.output === 'json' ? `${visibleJson(list)}\n` : findingText(list, terminal.color, askedInWords(options)),
  );
  return isBad(list) ? 1 : 0;
}

/** `(warning, NoOwner) of team-shop`: what was left out, for whoever asks for an owner whom nobody knows; empty where nothing was. */
function askedInWords({ kind, owner, severity }: FindingsOptions): string {
  const whose = owner === undefined ? [] : [owner === '' ? 'of nobody' : `of ${owner}`];
  const what = [severity, kind].filter((one) => one !== undefined);
  return [...(what.length > 0 ? [`(${what.join(', ')})`] : []), ...whose].join(' ');
}

function isBad({ findings, looks }: FindingList): boolean {
  return findings.some(({ severity }) => severity === 'critical') || looks.some(({ error }) => error !== null);
}
