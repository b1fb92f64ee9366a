import { Command } from 'commander';
import { visibleJson } from '../documents/visible.js';
import { differs } from '../publish/plan.js';
import { type Looked, lookAtAll, withPublications } from '../publish/run.js';
import { differenceText, hunksOf } from './difference-text.js';
import { publishOptions } from './publish-options.js';
import { type PublishOptions, readPublishInput } from './publish-input.js';
import { systemClock } from './system-clock.js';
import { standardOutput, type Terminal } from './terminal.js';

/** `meshslo diff`: what `meshslo apply` would do. */
export function diffCommand(): Command {
  return publishOptions(new Command('diff'))
    .description('show what differs between what is wanted and what is published')
    .addHelpText(
      'after',
      '\nChanges nothing. Exits with 0 when nothing differs, 1 when something does, 2 when something could not be looked at,' +
        '\nand for a configuration with mistakes.',
    )
    .addHelpText('after', '\nExample:\n  $ meshslo diff --only grafana\n  $ meshslo diff --output json')
    .action(async (options: PublishOptions) => {
      process.exitCode = await diff(options, standardOutput(), systemClock.now());
    });
}

/** @returns the exit code */
export async function diff(options: PublishOptions, terminal: Terminal, now: number): Promise<0 | 1 | 2> {
  const input = readPublishInput(options, terminal, now);
  // 1 says that something differs, and nobody has looked.
  if (typeof input === 'number') return 2;
  const { config, documents, past } = input;
  return withPublications(config, { only: options.only, past, now }, async (publications, settings) => {
    const { overwriteEdits } = options;
    const looked = await lookAtAll(publications, { settings, documents, now, overwriteEdits });
    const isDifferent = looked.some(({ plan }) => plan?.objects.some(differs));
    if (options.output === 'json') {
      // Where not all was looked at, nobody knows.
      const isKnown = isDifferent || looked.every(({ plan }) => plan);
      terminal.write(`${visibleJson({ differs: isKnown ? isDifferent : null, destinations: looked.map(asJson) })}\n`);
    } else {
      terminal.write(looked.map((one) => differenceText(one, terminal.color)).join('\n'));
    }
    if (looked.some(({ failure }) => failure)) return 2;
    return isDifferent ? 1 : 0;
  });
}

function asJson({ destination, plan, failure }: Looked): object {
  if (!plan) {
    const { code, message, hint } = failure!;
    return { destination, failure: { code, message, ...(hint !== undefined && { hint }) } };
  }
  const objects = plan.objects.map((object) => {
    const { kind, identity, title, standing, change, live } = object;
    const difference = hunksOf(object).map(({ oldStart, newStart, lines }) => ({
      oldStart,
      newStart,
      lines: lines.map(({ sign, text }) => `${sign}${text}`),
    }));
    const retiredSince = live?.mark?.retiredSince;
    return {
      kind,
      identity,
      ...(title !== undefined && { title }),
      standing,
      act: change?.act ?? 'none',
      ...(retiredSince !== undefined && { retiredSince }),
      ...(difference.length > 0 && { difference }),
    };
  });
  const { same, remarks } = plan;
  return { destination, same, objects, ...(remarks.length > 0 && { remarks }) };
}
