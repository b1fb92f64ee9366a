import { statSync } from 'node:fs';
import { Command, Option } from 'commander';
import { visible, visibleJson } from '../documents/visible.js';
import { Ledger } from '../ledger/ledger.js';
import { standardOutput, type Terminal } from './terminal.js';

interface LedgerOptions {
  readonly ledger: string;
  readonly output: 'text' | 'json';
}

type Answer = Readonly<Record<string, unknown>>;

/** `meshslo ledger`: what keeps the file of events sound, small and safe. */
export function ledgerCommand(terminal: Terminal = standardOutput()): Command {
  return new Command('ledger')
    .description('look after the ledger of events')
    .addCommand(
      verb(terminal, 'verify', 'hold every sum against its parts; a running service need not stop', verify).addHelpText(
        'after',
        '\nExits with 0 when all is sound, 1 when something is damaged, 2 when the file could not be read.' +
          '\n\nExample:\n  $ meshslo ledger verify --ledger .meshslo/ledger.db',
      ),
    )
    .addCommand(
      verb(terminal, 'compact', 'merge and drop what is past its time, and give the space back', compact).addHelpText(
        'after',
        '\nThe running service does this by itself, little by little; the command needs it stopped.' +
          '\n\nExample:\n  $ meshslo ledger compact',
      ),
    )
    .addCommand(
      verb(terminal, 'backup', 'write a copy as of now; a running service need not stop', backup)
        .argument('<file>', 'where the copy goes; nothing may be there')
        .addHelpText('after', '\nExample:\n  $ meshslo ledger backup /backup/ledger-monday.db'),
    );
}

/** @param work gives what is printed: `text` for people, the rest as JSON */
function verb(
  terminal: Terminal,
  name: string,
  description: string,
  work: (path: string, file: string) => Answer,
): Command {
  return new Command(name)
    .description(description)
    .option('--ledger <file>', 'the ledger', '.meshslo/ledger.db')
    .addOption(new Option('--output <format>', 'how to print').choices(['text', 'json']).default('text'))
    .action((...given: readonly unknown[]) => {
      const command = given.at(-1) as Command;
      const { ledger, output } = command.opts<LedgerOptions>();
      const { text, ...figures } = work(ledger, command.args[0] ?? '');
      terminal.write(output === 'json' ? `${visibleJson(figures)}\n` : `${String(text)}\n`);
    });
}

function verify(path: string): Answer {
  return using(Ledger.open(path, { readOnly: true }), (ledger) => {
    const findings = ledger.verify();
    if (findings.length > 0) process.exitCode = 1;
    const lines = findings.map(({ code, message }) => `  ${code}: ${visible(message)}`);
    const text = findings.length === 0 ? `${path} is sound` : [`${path} is damaged:`, ...lines].join('\n');
    return { text, path, sound: findings.length === 0, findings };
  });
}

function compact(path: string): Answer {
  // A mistyped path must not leave a new ledger behind.
  if (sizeOf(path) === 0) Ledger.open(path, { readOnly: true });
  const beforeBytes = sizeOf(path) + sizeOf(`${path}-wal`);
  return using(Ledger.open(path), (ledger) => {
    ledger.compact();
    const afterBytes = sizeOf(path);
    const figures = `${megabytes(beforeBytes)} before, ${megabytes(afterBytes)} now`;
    const why = afterBytes < beforeBytes ? '' : `\n${whyNotSmaller(afterBytes > beforeBytes)}`;
    return { text: `${path}: ${figures}${why}`, path, beforeBytes, afterBytes };
  });
}

function whyNotSmaller(hasGrown: boolean): string {
  const reason = 'There was nothing to give back: the service compacts by itself.';
  return hasGrown ? `${reason} Hours that were still open got their sums, which take room.` : reason;
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function backup(path: string, file: string): Answer {
  return using(Ledger.open(path, { readOnly: true }), (ledger) => {
    ledger.backup(file);
    const { size: bytes } = statSync(file);
    return { text: `${file}: ${megabytes(bytes)} copied from ${path}`, path, file, bytes };
  });
}

function using<T>(ledger: Ledger, work: (ledger: Ledger) => T): T {
  try {
    return work(ledger);
  } finally {
    ledger.close();
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
