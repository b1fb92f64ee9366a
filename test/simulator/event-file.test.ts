import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { EventFile } from '../../src/simulator/event-file.js';
import { EventLog } from '../../src/simulator/event-log.js';
import { Mesh } from '../../src/simulator/mesh.js';
import { everyTrouble, smallMesh } from './small-mesh.js';

let folder: string;
let path: string;
let complaints: string[];

const complain = (message: string): void => void complaints.push(message);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meshslo-events-'));
  path = join(folder, 'events.ndjson');
  complaints = [];
});

afterEach(() => rmSync(folder, { recursive: true }));

describe('the event log on disk', () => {
  test('holds the same requests as the one in memory', () => {
    const log = new EventLog();
    const file = new EventFile(path, complain);
    const mesh = new Mesh(smallMesh({ shares: everyTrouble }), 1000, 1, (events) => {
      log.write(events);
      file.write(events);
    });
    mesh.advance(1030);
    file.close();
    const lines = readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly count?: number; readonly what?: string });
    expect(lines.reduce((sum, { count }) => sum + (count ?? 0), 0)).toBe(log.count());
    expect(lines.filter(({ what }) => what === 'started')).toHaveLength(4);
  });

  test('keeps two files of a limited size, however long it goes on', () => {
    const file = new EventFile(path, complain, 10_000);
    const mesh = new Mesh(smallMesh(), 1000, 1, file.write);
    for (let at = 1001; at < 1300; at++) mesh.advance(at);
    file.close();
    expect(existsSync(`${path}.1`)).toBe(true);
    // A step of this mesh is below 6 KB, and a step is never torn apart.
    expect(statSync(path).size).toBeLessThan(16_000);
    expect(statSync(`${path}.1`).size).toBeLessThan(16_000);
  });

  test('is given up with one word when it can no longer be written, and traffic goes on', () => {
    const file = new EventFile(path, complain);
    const mesh = new Mesh(smallMesh(), 1000, 1, file.write);
    file.close();
    mesh.advance(1030);
    mesh.advance(1060);
    expect(complaints).toEqual([expect.stringMatching(/^the event log ends here: /)]);
    expect(mesh.pods.some(({ proxy }) => proxy.requests > 0)).toBe(true);
  });
});
