import { describe, expect, test } from '@jest/globals';
import type { Board, BoardPanel } from '../../../src/domain/board.js';
import { loadBoards } from '../../../src/packs/load-boards.js';
import { lintBoard } from '../../support/boards/lint-board.js';
import { boardsOfEveryFleet, istioBoards, knownMetrics } from './made-up-boards.js';

const fleets = boardsOfEveryFleet();
const boards = istioBoards();
const known = knownMetrics();

test('the packs of boards are without mistakes', () => {
  expect(loadBoards().diagnostics).toEqual([]);
});

describe('every board of every mesh', () => {
  test.each(fleets.map(([fleet, board]) => [fleet, board.uid, board] as const))(
    '%s: %s is sound',
    (_fleet, _uid, board) => {
      expect(lintBoard(board, known)).toEqual([]);
    },
  );

  test('has a first screen that answers before anybody scrolls', () => {
    // 24 lines of 30 pixels are what a laptop shows below Grafana's own bars.
    for (const [, { rows }] of fleets)
      expect(rows[0]!.panels.some(({ place }) => place.y + place.height <= 24)).toBe(true);
  });
});

describe('the linter finds', () => {
  const good = boards.find(({ pack }) => pack === 'slos')!;
  const panel = good.rows[0]!.panels[0]!;
  const found = (said: Partial<BoardPanel>): readonly string[] => {
    const broken: Board = { ...good, rows: [{ title: 'one', y: 0, panels: [{ ...panel, ...said }] }] };
    return lintBoard(broken, known);
  };
  const asking = (expr: string): Partial<BoardPanel> => ({ queries: [{ ...panel.queries[0]!, expr }] });

  test.each<[string, Partial<BoardPanel>, RegExp]>([
    ['a panel without a description', { description: '' }, /description is no sentence/],
    ['an unknown unit', { unit: 'furlongs' as never }, /no unit/],
    ['an empty legend', { queries: [{ ...panel.queries[0]!, legend: ' ' }] }, /empty legend/],
    ['a number in place of what is missing', { noValue: '100%' }, /shows a number/],
    ['broken PromQL', asking('sum(rate(up[5m])'), /no PromQL/],
    [
      'a metric that nobody has',
      asking('rate(pilot_xds_push_errors[5m])'),
      /pilot_xds_push_errors is in no vocabulary/,
    ],
    ['what hides that data is missing', asking('sum(up) or on() vector(1)'), /makes up what is missing/],
    ['what hides bursts', asking('sum(irate(istio_requests_total[5m]))'), /irate hides/],
    ['a counter as it stands', asking('sum(istio_requests_total{reporter="source"})'), /shown as it is/],
    ['panels over each other', { place: { x: 20, y: 0, width: 8, height: 4 } }, /sticks out/],
  ])('%s', (_, said, complaint) => {
    expect(found(said)).toEqual([expect.stringMatching(complaint)]);
  });
});
