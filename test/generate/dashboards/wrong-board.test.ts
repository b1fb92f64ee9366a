import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { check } from '../../../src/cli/check.js';
import { boardSet } from '../../../src/generate/dashboards/board-set.js';
import { loadBoards } from '../../../src/packs/load-boards.js';
import { madeUpSlo, partsOf } from '../rules/made-up-slos.js';

const folder = mkdtempSync(join(tmpdir(), 'meshslo-board-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A board of a user's with one query, which begins at 12:10. */
function written(query: string, more = ''): string {
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
        queries: [${query}]
        kind: stat
        unit: short
`,
  );
  return file;
}

function mistakesOf(query: string, more = '') {
  return loadBoards([written(query, more)]).diagnostics.map(({ code, message, hint, position }) => ({
    code,
    message,
    hint,
    place: position && `${position.line}:${position.column}`,
  }));
}

describe('a board of a user', () => {
  test('stands beside those that come with meshslo', () => {
    const { packs, diagnostics } = loadBoards([
      written(
        '{ measure: { rate: my_sales_total }, legend: Sales }',
        'metrics: { my_sales_total: { type: counter } }\n',
      ),
    ]);
    expect(diagnostics).toEqual([]);
    const board = [...boardSet({ ...partsOf([madeUpSlo()]), boards: packs })].find(
      ({ uid }) => uid === 'meshslo-mine',
    )!;
    expect(board.rows[0]!.panels[0]!.queries[0]!.expr).toBe('sum(rate(my_sales_total[5m]))');
  });

  test('that asks for a metric that nobody has is told where, and which was probably meant', () => {
    expect(mistakesOf('{ measure: { level: pilot_xdss }, legend: It }')).toEqual([
      {
        code: 'unknown-metric',
        message: 'pilot_xdss is in no vocabulary',
        hint: 'did you mean pilot_xds? If not, write it with its type into metrics: of this file',
        place: '11:39',
      },
    ]);
  });

  test.each([
    ['{ measure: { rate: up }, legend: Up }', 'rate of up, which is a gauge', '11:38'],
    ['{ measure: { quantile: 0.9, of: pilot_xds }, legend: Up }', 'quantile of pilot_xds, which is a gauge', '11:51'],
    [
      '{ measure: { share: { rate: nobody_knows_it }, in: { rate: request_stats_total } }, legend: It }',
      'nobody_knows_it is in no vocabulary',
      '11:47',
    ],
    [
      '{ measure: { sum: [{ rate: request_stats_total }, { rate: nobody_knows_it }] }, legend: It }',
      'nobody_knows_it is in no vocabulary',
      '11:77',
    ],
    [
      '{ measure: { rate: request_stats_total, beside: [pilot_xds, nobody_knows_it] }, legend: It }',
      'nobody_knows_it is in no vocabulary',
      '11:79',
    ],
    [
      '{ measure: { level: pilot_xds }, zero_where: { level: nobody_knows_it }, legend: It }',
      'nobody_knows_it is in no vocabulary',
      '11:73',
    ],
  ])('that asks %s is told so at its place', (query, message, place) => {
    expect(mistakesOf(query)).toEqual([expect.objectContaining({ message, place })]);
  });

  test('that chooses among values of a metric that nobody has is told where', () => {
    expect(
      mistakesOf(
        '{ measure: { level: up }, legend: Up }',
        'variables:\n  - { name: shop, title: Shop, of: nobody_knows_it }\n',
      ),
    ).toEqual([expect.objectContaining({ message: 'nobody_knows_it is in no vocabulary', place: '7:36' })]);
  });

  test('tells all of its mistakes at once', () => {
    expect(
      mistakesOf('{ measure: { level: nobody }, legend: A }, { measure: { rate: up }, legend: B }').map(
        ({ code }) => code,
      ),
    ).toEqual(['unknown-metric', 'way-of-metric']);
  });

  test('that is written wrongly is told where', () => {
    const { diagnostics } = loadBoards([written('{ measure: { sli: good }, legend: "" }')]);
    expect(diagnostics.map(({ position }) => position?.line ?? 0).every((line) => line > 1)).toBe(true);
    expect(diagnostics.length).toBeGreaterThan(0);
  });

  test('with a metric that nobody has fails `meshslo check`, with file, line and column', async () => {
    const file = join(folder, 'meshslo.yaml');
    written('{ measure: { level: pilot_xdss }, legend: It }');
    writeFileSync(file, "cluster: eu-1\nledger: ledger.db\nscrape: { jobs: [] }\nboards: ['mine.yaml']\n");
    let said = '';
    const terminal = { color: false, write: (text: string) => (said += text) };
    expect(await check({ config: file, output: 'text' } as never, terminal as never)).toBe(1);
    expect(said).toMatch(/mine\.yaml:11:39/);
    expect(said).toContain('pilot_xdss is in no vocabulary');
  });
});
