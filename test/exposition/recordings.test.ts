import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { readExposition } from '../../src/exposition/read-exposition.js';

const fixtures = '../shared/fixtures';

/** Files that are no exposition although the index counts lines of them. */
const otherFormats: Readonly<Record<string, string>> = {
  'envoy/stats-text_sidecar_datadog.txt': "Envoy's own /stats, `name: value`",
  'exposition/promtool/dump-series-1.prom': 'a list of series without values',
};

interface Recording {
  readonly file: string;
  readonly samples: number;
}

function recordings(): readonly Recording[] {
  const rows = readFileSync(`${fixtures}/index.tsv`, 'utf8').trimEnd().split('\n').slice(1);
  return rows
    .map((row) => row.split('\t'))
    .filter(([file = '', , , , , , , , , samples]) => samples !== '' && !file.includes('openmetrics-suite'))
    .map(([file = '', , , , , , , , , samples]) => ({ file, samples: Number(samples) }))
    .filter(({ file }) => !file.includes('fuzz-corpus') && !(file in otherFormats));
}

describe('recordings of real systems', () => {
  if (!existsSync(fixtures)) {
    test.skip(`every recording is read, every sample counted (missing: ${fixtures})`, () => undefined);
    return;
  }
  test.each(recordings())('all $samples samples of $file are read', ({ file, samples }) => {
    const { sampleCount, badLines, families } = readExposition(readFileSync(`${fixtures}/${file}`));
    expect({ sampleCount, badLines }).toEqual({ sampleCount: samples, badLines: 0 });
    expect(families.reduce((sum, family) => sum + family.samples.length, 0)).toBe(sampleCount);
  });
});
