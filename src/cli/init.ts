import { readFileSync, writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { Failure } from '../domain/failure.js';
import { systemReason } from '../domain/system-reason.js';
import { loadPacks } from '../packs/load-packs.js';
import type { SignalPack } from '../packs/signal-pack.js';
import { inspectBody } from './inspection.js';
import { readSource, shownSource } from './read-source.js';
import type { Terminal } from './terminal.js';
import { standardOutput } from './terminal.js';

interface InitOptions {
  readonly out: string;
  /** A target, of which the mesh is told. */
  readonly from?: string;
}

const starter = new URL('../../rules/starter.yaml', import.meta.url);
const mostBytes = 64 * 1024 ** 2;

/** `meshslo init`: a commented configuration to begin with. */
export function initCommand(): Command {
  return new Command('init')
    .description('write a commented configuration to begin with')
    .option('--out <file>', 'where to write it; never over an existing file', 'meshslo.yaml')
    .option('--from <source>', 'a proxy’s metrics (URL or file): its mesh and address go into the file')
    .addHelpText(
      'after',
      '\nExample:\n  $ meshslo init --from http://10.0.0.7:9990/admin/metrics/prometheus && meshslo check',
    )
    .action(async (options: InitOptions) => {
      await init(options, standardOutput());
    });
}

/**
 * @throws Failure `bad-arguments` where there is such a file already, or none can be written; `bad-exposition` for a source
 *   that is of no mesh; those of {@link readSource}
 */
export async function init({ out, from }: InitOptions, terminal: Terminal): Promise<void> {
  const text = readFileSync(starter, 'utf8');
  const pack = from === undefined ? undefined : await meshOf(from);
  write(out, pack === undefined ? text : starterFor(text, pack, from!));
  const found = pack === undefined ? '' : ` for ${pack.title}`;
  terminal.write(`Wrote ${out}${found}. Name your targets in it, then: meshslo check, meshslo serve\n`);
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: 'wx' });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') {
      throw new Failure('bad-arguments', `${file} is there already`, { hint: 'name another one with --out', cause });
    }
    throw new Failure('bad-arguments', `${file} cannot be written: ${systemReason(cause)}`, { cause });
  }
}

async function meshOf(source: string): Promise<SignalPack> {
  const body = await readSource(source, { bodyBytes: mostBytes, timeoutSeconds: 10 });
  const { mesh } = inspectBody(body, loadPacks().packs, false);
  if (mesh) return mesh.pack;
  throw new Failure('bad-exposition', `${shownSource(source)} is of no mesh that is known here`, {
    hint: 'meshslo inspect shows what it prints; docs/own-pack.md says how it becomes a mesh of yours',
  });
}

/** The starter with the job of another mesh; the rest of it is the same for all. */
function starterFor(text: string, pack: SignalPack, source: string): string {
  const url = /^https?:/i.test(source) ? new URL(source) : undefined;
  const address = url?.host ?? `127.0.0.1:${pack.target.port ?? 80}`;
  const path =
    url !== undefined && url.pathname !== pack.target.path ? `\n      path: ${JSON.stringify(url.pathname)}` : '';
  const [before, after] = text.split(/ {4}- name: sidecars\n[^]*?(?= {10}labels:)/) as [string, string];
  return `${before}    - name: proxies
      mesh: ${pack.name}${path}
      targets:
        # ${pack.title}. The labels name the service that a target stands for, even before its first request.
        - static: [${JSON.stringify(address)}]
${after}`;
}
