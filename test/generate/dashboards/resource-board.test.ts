import { describe, expect, test } from '@jest/globals';
import { boardDocument } from '../../../src/generate/dashboards/board-document.js';
import type { BoardResource } from '../../../src/generate/dashboards/resource-board.js';
import { istioBoards } from './made-up-boards.js';

describe.each(istioBoards().map((board) => [board.uid, board] as const))('%s in the schema v2', (_, board) => {
  const resource = JSON.parse(boardDocument(board, 'v2').json) as BoardResource;
  const { spec } = resource;

  test('is a resource under the uid of the classic one', () => {
    expect(resource).toMatchObject({
      apiVersion: 'dashboard.grafana.app/v2',
      kind: 'Dashboard',
      metadata: { name: board.uid },
    });
    expect(spec.title).toBe(board.title);
  });

  test('places every element, each once, below the heading of its row', () => {
    const rows = (
      spec.layout as {
        spec: {
          rows: { spec: { layout: { spec: { items: { spec: { y: number; element: { name: string } } }[] } } } }[];
        };
      }
    ).spec.rows;
    const items = rows.flatMap((row) => row.spec.layout.spec.items);
    expect(items.map(({ spec: { element } }) => element.name).sort()).toEqual(Object.keys(spec.elements).sort());
    for (const row of rows) expect(Math.min(...row.spec.layout.spec.items.map((item) => item.spec.y))).toBe(0);
  });

  test('asks the same as the classic one', () => {
    const asked = Object.values(spec.elements).flatMap((element) =>
      element.kind === 'Panel'
        ? element.spec.data.spec.queries.map(({ spec: { query } }) => (query.spec as { expr: string }).expr)
        : [],
    );
    const wanted = board.rows.flatMap(({ panels }) => panels.flatMap(({ queries }) => queries.map(({ expr }) => expr)));
    expect(asked.sort()).toEqual([...wanted].sort());
  });
});
