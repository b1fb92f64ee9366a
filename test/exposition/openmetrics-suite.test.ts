import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { readExposition } from '../../src/exposition/read-exposition.js';

const suite = '../shared/fixtures/exposition/openmetrics-suite';

describe('the OpenMetrics suite', () => {
  if (!existsSync(suite)) {
    test.skip(`every case comes out as its test.json says (missing: ${suite})`, () => undefined);
    return;
  }
  test.each(readdirSync(suite))('%s comes out as its test.json says', (name) => {
    const { shouldParse } = JSON.parse(readFileSync(`${suite}/${name}/test.json`, 'utf8')) as { shouldParse: boolean };
    const { problems, badLines } = readExposition(readFileSync(`${suite}/${name}/metrics`), {
      format: 'openmetrics',
      strict: true,
    });
    expect({ name, parses: problems.length === 0 && badLines === 0, rules: problems.map(({ rule }) => rule) }).toEqual({
      name,
      parses: shouldParse,
      rules: shouldParse ? [] : expect.any(Array),
    });
  });
});
