import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { boardSet } from '../../../src/generate/dashboards/board-set.js';
import { loadBoards } from '../../../src/packs/load-boards.js';
import { madeUpSlo, partsOf } from '../rules/made-up-slos.js';

const folder = mkdtempSync(join(tmpdir(), 'meshslo-board-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A board of a user's with one query. */
function loaded(query: string, more = '') {
  const file = join(folder, 'mine.yaml');
  writeFileSync(
    file,
    `board: mine
about: organisation
title: Mine
answers: What is it?
audience: me
${more}rows:
  - title: Now
    panels:
      - title: One
        description: It is what it is, and nothing else.
        kind: stat
        unit: short
        queries: [${query}]
`,
  );
  return loadBoards([file]);
}

describe('a board of a user', () => {
  test('stands beside those that come with meshslo', () => {
    const { packs, diagnostics } = loaded(
      '{ measure: { rate: my_sales_total }, legend: Sales }',
      'metrics: { my_sales_total: { type: counter } }\n',
    );
    expect(diagnostics).toEqual([]);
    const board = [...boardSet({ ...partsOf([madeUpSlo()]), boards: packs })].find(
      ({ uid }) => uid === 'meshslo-mine',
    )!;
    expect(board.rows[0]!.panels[0]!.queries[0]!.expr).toBe('sum(rate(my_sales_total[5m]))');
  });

  test.each([
    ['{ measure: { rate: up }, legend: Up }', /rate of up, which is a gauge/],
    ['{ measure: { level: nobody_knows }, legend: It }', /level of nobody_knows, which is in no vocabulary/],
  ])('that asks %s is refused with a reason', (query, reason) => {
    const { packs } = loaded(query);
    expect(() => [...boardSet({ ...partsOf([madeUpSlo()]), boards: packs })]).toThrow(reason);
  });

  test('that is written wrongly is told where', () => {
    const { diagnostics } = loaded('{ measure: { sli: good }, legend: "" }');
    expect(diagnostics.map(({ position }) => position?.line ?? 0).every((line) => line > 1)).toBe(true);
    expect(diagnostics.length).toBeGreaterThan(0);
  });
});
