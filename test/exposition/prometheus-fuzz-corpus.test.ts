import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { readExposition } from '../../src/exposition/read-exposition.js';

const corpus = '../shared/fixtures/exposition/common/fuzz-corpus';

describe("the fuzz corpus of Prometheus' reference parser, strictly", () => {
  if (!existsSync(corpus)) {
    test.skip(`each file is good or bad as its name says (missing: ${corpus})`, () => undefined);
    return;
  }
  test.each(readdirSync(corpus))('%s is good or bad as its name says', (name) => {
    const { problems } = readExposition(readFileSync(`${corpus}/${name}`), { format: 'prometheus-text', strict: true });
    expect({ name, broken: problems.length > 0 }).toEqual({ name, broken: name.includes('error') });
  });
});
