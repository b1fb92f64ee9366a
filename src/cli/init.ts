import { readFileSync, writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { Failure } from '../domain/failure.js';
import { systemReason } from '../domain/system-reason.js';
import type { Terminal } from './terminal.js';
import { standardOutput } from './terminal.js';

const starter = new URL('../../rules/starter.yaml', import.meta.url);

/** `meshslo init`: a commented configuration to begin with. */
export function initCommand(): Command {
  return new Command('init')
    .description('write a commented configuration to begin with')
    .option('--out <file>', 'where to write it; never over an existing file', 'meshslo.yaml')
    .addHelpText('after', '\nExample:\n  $ meshslo init --out meshslo.yaml && meshslo check')
    .action(({ out }: { readonly out: string }) => {
      init(out, standardOutput());
    });
}

/** @throws Failure `bad-arguments` where there is such a file already, or none can be written. */
export function init(file: string, terminal: Terminal): void {
  try {
    writeFileSync(file, readFileSync(starter), { flag: 'wx' });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') {
      throw new Failure('bad-arguments', `${file} is there already`, { hint: 'name another one with --out', cause });
    }
    throw new Failure('bad-arguments', `${file} cannot be written: ${systemReason(cause)}`, { cause });
  }
  terminal.write(`Wrote ${file}. Name your targets in it, then: meshslo check, meshslo serve\n`);
}
