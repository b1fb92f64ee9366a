import { Command } from 'commander';
import { visibleJson } from '../documents/visible.js';
import { type Failure, failureKinds } from '../domain/failure.js';
import { countInWords } from '../domain/in-words.js';
import { changedObject, type Ending } from '../publish/destination.js';
import { type Applied, applyToAll, withPublications } from '../publish/run.js';
import { appliedText } from './applied-text.js';
import { publishOptions } from './publish-options.js';
import { type PublishOptions, readPublishInput } from './publish-input.js';
import { systemClock } from './system-clock.js';
import { standardOutput, type Terminal } from './terminal.js';

/** Whoever waits is told how far it is after so many. */
const toldEvery = 500;

/** `meshslo apply`: makes what is published what is wanted. */
export function applyCommand(): Command {
  return publishOptions(new Command('apply'))
    .description('publish rules, dashboards and the configuration of Alertmanager')
    .addHelpText(
      'after',
      '\nWhat meshslo did not make is never touched; what people have changed of it stays, unless --overwrite-edits is given.' +
        '\nWhat nobody wants any more is marked, and goes after publish.grace. A second run changes nothing.' +
        '\n\nExits with 0 when all is as wanted, 1 when something was left alone or refused, 2 when something could not be reached.',
    )
    .addHelpText('after', '\nExample:\n  $ meshslo diff\n  $ meshslo apply')
    .action(async (options: PublishOptions) => {
      process.exitCode = await apply(options, standardOutput(), systemClock.now());
    });
}

/** @returns the exit code */
export async function apply(options: PublishOptions, terminal: Terminal, now: number): Promise<0 | 1 | 2> {
  const input = readPublishInput(options, terminal, now);
  if (typeof input === 'number') return input;
  const { config, documents, past } = input;
  return withPublications(config, { only: options.only, past, now }, async (publications, settings) => {
    const { overwriteEdits, output } = options;
    let ended = 0;
    const applied = await applyToAll(publications, { settings, documents, now, overwriteEdits }, () => {
      ended += 1;
      if (output === 'text' && ended % toldEvery === 0) terminal.write(`${countInWords(ended)} changes so far ...\n`);
    });
    if (output === 'json') terminal.write(`${visibleJson({ destinations: applied.map(asJson) })}\n`);
    else terminal.write(applied.map((one) => appliedText(one, settings, terminal.color)).join('\n'));
    return exitCodeOf(applied);
  });
}

function exitCodeOf(applied: readonly Applied[]): 0 | 1 | 2 {
  const codes = applied.flatMap(({ published, failure }) => {
    if (!published) return failure ? [exitCodeOfFailure(failure)] : [];
    const { endings, kept, unsettled } = published;
    const failures = [...endings.flatMap((one) => one.failure ?? []), ...(unsettled ? [unsettled] : [])];
    return [...failures.map(exitCodeOfFailure), ...(kept.length > 0 ? [1 as const] : [])];
  });
  if (codes.includes(2)) return 2;
  return codes.includes(1) ? 1 : 0;
}

/** Whoever answers with a page of HTML is not the place that was to be reached. */
function exitCodeOfFailure({ code }: Failure): 1 | 2 {
  return code === 'body-malformed' || code === 'body-too-large' ? 2 : failureKinds[code].exitCode;
}

function asJson({ destination, published, failure }: Applied): object {
  if (!published) return { destination, failure: failureJson(failure!) };
  const { same, endings, kept, waiting, remarks, settled, unsettled } = published;
  return {
    destination,
    same,
    changes: endings.map(endingJson),
    kept: kept.map(({ kind, identity, standing }) => ({ kind, identity, standing })),
    waiting: waiting.map(({ kind, identity, live }) => ({ kind, identity, retiredSince: live?.mark?.retiredSince })),
    ...(remarks.length > 0 && { remarks }),
    ...(settled !== undefined && { settled }),
    ...(unsettled && { unsettled: failureJson(unsettled) }),
  };
}

function endingJson({ change, failure, isSkipped }: Ending): object {
  const { kind, identity } = changedObject(change);
  const outcome = failure === undefined ? 'done' : isSkipped ? 'skipped' : 'failed';
  return { kind, identity, act: change.act, outcome, ...(failure && { failure: failureJson(failure) }) };
}

function failureJson({ code, message, hint }: NonNullable<Ending['failure']>): object {
  return { code, message, ...(hint !== undefined && { hint }) };
}
