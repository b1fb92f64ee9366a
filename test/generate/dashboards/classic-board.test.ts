import { describe, expect, test } from '@jest/globals';
import type { Dashboard as GrafanasDashboard, Panel as GrafanasPanel } from '@grafana/schema';
import { boardDocument } from '../../../src/generate/dashboards/board-document.js';
import { classicBoard } from '../../../src/generate/dashboards/classic-board.js';
import { istioBoards } from './made-up-boards.js';

const boards = istioBoards();

/** What a Grafana reads, by Grafana's own types: that this compiles is the first half of the test. */
function asGrafanaReads(text: string): GrafanasDashboard {
  return JSON.parse(text) as GrafanasDashboard;
}

/** The builders' own panels, held against Grafana's types while compiling. */
const agreesWithGrafana: (
  panel: NonNullable<ReturnType<typeof classicBoard>['panels']>[number],
) => Pick<GrafanasPanel, 'type' | 'title' | 'gridPos'> = (panel) => ({
  type: panel.type,
  title: panel.title!,
  gridPos: panel.gridPos!,
});

describe.each(boards.map((board) => [board.uid, board] as const))('%s as Grafana gets it', (_, board) => {
  const dashboard = asGrafanaReads(boardDocument(board).json);
  const panels = (dashboard.panels ?? []) as readonly GrafanasPanel[];
  const shown = panels.filter(({ type }) => type !== 'row');

  test('has what the schema asks for, and no id of a Grafana', () => {
    expect(dashboard.uid).toBe(board.uid);
    expect(dashboard.schemaVersion).toBeGreaterThanOrEqual(39);
    expect(dashboard.id).toBeUndefined();
    expect(dashboard.version).toBeUndefined();
    expect(panels.map((panel) => agreesWithGrafana(panel as never)).every(({ type }) => type.length > 0)).toBe(true);
  });

  test('numbers panels, rows among them, each once', () => {
    const ids = panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(panels.length);
    expect(ids.every((id) => id !== undefined && id > 0)).toBe(true);
  });

  test('asks the chosen Prometheus, and names every answer', () => {
    for (const { targets = [], datasource } of shown) {
      expect(datasource).toEqual({ type: 'prometheus', uid: '${datasource}' });
      expect(targets.length).toBeGreaterThan(0);
      for (const target of targets) {
        expect(target['refId']).toMatch(/^([A-Z]|nodes|edges)$/);
        expect(target['legendFormat']).not.toBe('');
        expect([target['instant'], target['range']]).toContain(true);
      }
    }
  });

  test('hides neither links nor marks nor legends', () => {
    expect(JSON.stringify([dashboard.links, dashboard.annotations])).not.toContain('placement');
    for (const { type, options } of shown) {
      if (type === 'timeseries') expect(options).toMatchObject({ legend: { showLegend: true } });
    }
  });

  test('leads to every other board, with its time', () => {
    const urls = (dashboard.links ?? []).map(({ url }) => url);
    const wholes = boards.filter(({ tags, uid }) => !/-(svc|team)-/.test(uid) && tags.includes('meshslo'));
    expect(urls).toEqual(
      expect.arrayContaining(wholes.filter(({ uid }) => uid !== board.uid).map(({ uid }) => `/d/${uid}`)),
    );
    for (const { url, keepTime } of dashboard.links ?? []) if (url?.startsWith('/d/')) expect(keepTime).toBe(true);
  });
});

test('the same services give the same bytes', () => {
  expect(istioBoards().map((board) => boardDocument(board).json)).toEqual(
    boards.map((board) => boardDocument(board).json),
  );
});
