import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { desiredObject, type DesiredObject } from '../../../src/publish/desired-object.js';
import { FileDestination } from '../../../src/publish/files/file-destination.js';
import { planOf } from '../../../src/publish/plan.js';
import { publish, type Published } from '../../../src/publish/publish.js';
import { destinationContract, type Place } from '../destination-contract.js';

function fileObject(letter: string, text: string): DesiredObject {
  return desiredObject('file', `rules/${letter}.yaml`, () => `${text}\n`);
}

function folderOfFiles(): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'meshslo-files-'));
  const path = (letter: string): string => join(folder, 'rules', `${letter}.yaml`);
  const read = (letter: string): string | undefined =>
    existsSync(path(letter)) ? readFileSync(path(letter), 'utf8') : undefined;
  let writes = 0;
  let seen = '';
  return Promise.resolve({
    open: (set) => new FileDestination({ name: 'files', folder, set, reloads: [] }),
    object: fileObject,
    edit: (letter) => writeFile(path(letter), 'by hand\n'),
    makeForeign: async (letter) => {
      mkdirSync(join(folder, 'rules'), { recursive: true });
      await writeFile(path(letter), 'theirs\n');
    },
    remove: (letter) => rm(path(letter), { force: true }),
    raw: (letter) => Promise.resolve(read(letter)),
    writes: () => {
      // Whatever changed on the disk since it was asked last.
      const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
      const now = files.map((one) => readFileSync(join(one.parentPath, one.name), 'utf8')).join('\n');
      if (now !== seen) writes += 1;
      seen = now;
      return writes;
    },
    close: () => rm(folder, { recursive: true, force: true }),
  });
}

destinationContract('a folder', folderOfFiles);

describe('a folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'meshslo-files-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const options = { set: 'prod', now: 0, graceSeconds: 0, overwriteEdits: false };
  const open = (set = 'prod'): FileDestination => new FileDestination({ name: 'files', folder, set, reloads: [] });
  const run = async (desired: readonly DesiredObject[]): Promise<Published> =>
    publish(await planOf(open(), desired, options));

  test('whose list is damaged between the look and the write says so of each change', async () => {
    const plan = await planOf(open(), [fileObject('a', 'one')], options);
    writeFileSync(join(folder, '.meshslo-generated.json'), '{');
    const { endings, unsettled } = await publish(plan);
    expect(endings.map(({ failure }) => failure?.code)).toEqual(['bad-arguments']);
    expect(unsettled?.code).toBe('bad-arguments');
  });

  test('that belongs to another meshslo is left alone as a whole', async () => {
    await run([fileObject('a', 'one')]);
    await expect(planOf(open('other'), [], { ...options, set: 'other' })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('belongs to "prod"') as unknown as string,
    });
  });

  test('with a damaged list says what to do', async () => {
    writeFileSync(join(folder, '.meshslo-generated.json'), '{');
    await expect(run([])).rejects.toMatchObject({ code: 'bad-arguments' });
  });

  test('never has a list that leads out of it', async () => {
    writeFileSync(join(folder, '.meshslo-generated.json'), JSON.stringify({ files: ['../other.yaml'] }));
    await expect(run([])).rejects.toMatchObject({ code: 'bad-arguments' });
  });

  test('that generate wrote is taken over', async () => {
    writeFileSync(join(folder, '.meshslo-generated.json'), JSON.stringify({ files: ['a.yaml', 'b.yaml'] }));
    writeFileSync(join(folder, 'a.yaml'), 'old\n');
    writeFileSync(join(folder, 'b.yaml'), 'old\n');
    const result = await run([desiredObject('file', 'a.yaml', () => 'new\n')]);
    expect(result.endings.map(({ change }) => change.act)).toEqual(['replace', 'remove']);
    expect(readdirSync(folder).sort()).toEqual(['.meshslo-generated.json', 'a.yaml']);
  });

  test('gets all files of a run, or none: each is told why', async () => {
    await run([fileObject('a', 'one')]);
    mkdirSync(join(folder, 'rules', '.b.yaml.unfinished'));
    const result = await run([fileObject('a', 'two'), fileObject('b', 'one')]);
    expect(result.endings.map(({ failure }) => failure?.code)).toEqual(['file-unreadable', 'file-unreadable']);
    expect(readFileSync(join(folder, 'rules', 'a.yaml'), 'utf8')).toBe('one\n');
    rmSync(join(folder, 'rules', '.b.yaml.unfinished'), { recursive: true });
    const next = await run([fileObject('a', 'two'), fileObject('b', 'one')]);
    expect(next.endings.map(({ failure }) => failure)).toEqual([undefined, undefined]);
  });

  test('keeps no empty folders of its own', async () => {
    await run([fileObject('a', 'one')]);
    await run([]);
    expect(readdirSync(folder)).toEqual(['.meshslo-generated.json']);
  });

  test('a folder in the place of a file is somebody else’s', async () => {
    mkdirSync(join(folder, 'rules', 'a.yaml'), { recursive: true });
    const { kept } = await run([fileObject('a', 'one')]);
    expect(kept.map(({ standing }) => standing)).toEqual(['taken']);
  });
});
