import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { loadConfig } from '../../src/config/load-config.js';
import { ConfigWatch } from '../../src/service/config-watch.js';

const good = `cluster: eu1
scrape: { jobs: [{ name: a, mesh: istio, targets: [{ static: ['h:1'] }] }] }
slos: ['*.slo.yaml']
`;

let folder: string;
let edits = 0;

/** Writes a file as an editor would: later than before, even within one tick of the file system's clock. */
function edit(name: string, text: string): void {
  const file = join(folder, name);
  writeFileSync(file, text);
  edits += 1;
  utimesSync(file, 1_700_000_000 + edits, 1_700_000_000 + edits);
}

function watched(): ConfigWatch {
  return new ConfigWatch(loadConfig(join(folder, 'meshslo.yaml')).config!);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meshslo-watch-'));
  edit('meshslo.yaml', good);
});

describe('a configuration that is watched', () => {
  test('says nothing while nothing changes', () => {
    expect(watched().look()).toBeUndefined();
  });

  test('is taken up with its differences', () => {
    const watch = watched();
    edit('meshslo.yaml', good.replace('eu1', 'eu2'));
    expect(watch.look()).toMatchObject({ outcome: 'accepted', config: { cluster: 'eu2' } });
    expect(watch.look()).toBeUndefined();
  });

  test('that only looks different is no change', () => {
    const watch = watched();
    edit('meshslo.yaml', `# a comment\n${good}`);
    expect(watch.look()).toBeUndefined();
  });

  test('notices an SLO file that comes, and one that goes', () => {
    const watch = watched();
    edit('cart.slo.yaml', 'service: shop/cart\nslos: { availability: { objective: 99.95% } }\n');
    expect(watch.look()).toMatchObject({ outcome: 'accepted', changes: [expect.stringContaining('shop/cart')] });
    rmSync(join(folder, 'cart.slo.yaml'));
    expect(watch.look()).toMatchObject({ outcome: 'accepted', changes: [expect.stringContaining('shop/cart')] });
  });

  test('is refused as a whole when it is bad, once, and taken up again when it is mended', () => {
    const watch = watched();
    edit('meshslo.yaml', good.replace('istio', 'istoi'));
    expect(watch.look()).toMatchObject({
      outcome: 'refused',
      diagnostics: expect.arrayContaining([expect.objectContaining({ code: 'unknown-mesh' })]),
    });
    expect(watch.look()).toBeUndefined();
    edit('meshslo.yaml', good.replace('name: a', 'name: b'));
    expect(watch.look()).toMatchObject({ outcome: 'accepted' });
  });

  test('that is put back after a refusal is in force again, and that is said', () => {
    const watch = watched();
    edit('meshslo.yaml', good.replace('istio', 'istoi'));
    expect(watch.look()).toMatchObject({ outcome: 'refused' });
    edit('meshslo.yaml', good);
    expect(watch.look()).toMatchObject({ outcome: 'accepted', changes: [] });
    expect(watch.look()).toBeUndefined();
  });

  test('that is gone is refused, too', () => {
    const watch = watched();
    rmSync(join(folder, 'meshslo.yaml'));
    expect(watch.look()).toMatchObject({ outcome: 'refused' });
  });
});
