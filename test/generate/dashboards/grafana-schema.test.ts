import { describe, expect, test } from '@jest/globals';
import { boardDocument } from '../../../src/generate/dashboards/board-document.js';
import { type TypedDocument, typeMistakes } from '../../support/boards/grafana-types.js';
import { boardsOfEveryFleet } from './made-up-boards.js';

interface Written {
  readonly panels: readonly Readonly<Record<string, unknown>>[];
}

const boards = boardsOfEveryFleet();

/** Panels that differ in nothing but their texts and places are one to a type. */
function shapeOf(value: unknown): string {
  return JSON.stringify(value, (key, part: unknown) =>
    typeof part === 'string' &&
    /^(title|description|expr|legendFormat|displayName|url|options|refId|query|definition|text)$/.test(key)
      ? ''
      : typeof part === 'number' && /^(id|x|y|w|h|value|min|max)$/.test(key)
        ? 0
        : part,
  );
}

function distinct(documents: readonly TypedDocument[]): readonly TypedDocument[] {
  return [...new Map(documents.map((one) => [`${one.type} ${shapeOf(one.value)}`, one])).values()];
}

function classicDocuments(): readonly TypedDocument[] {
  return boards.flatMap(([fleet, board]) => {
    const { panels, ...dashboard } = JSON.parse(boardDocument(board).json) as Written;
    const name = `${fleet}: ${board.uid}`;
    return [
      { name, type: 'ClassicDashboard' as const, value: dashboard },
      ...panels.map((panel) => ({
        name: `${name}, ${String(panel['title'])}`,
        type: 'ClassicPanel' as const,
        value: panel,
      })),
    ];
  });
}

describe("Grafana's own types", () => {
  test('take every dashboard and every panel as it is written, key for key (classic: Grafana 11 to 13)', () => {
    const documents = distinct(classicDocuments());
    expect(documents.length).toBeGreaterThan(20);
    expect(typeMistakes(documents)).toEqual([]);
  });

  test('take every dashboard as it is written in the schema v2', () => {
    const documents = boards
      .filter(([fleet]) => fleet === 'istio' || fleet === 'linkerd1')
      .map(([fleet, board]) => {
        const { spec } = JSON.parse(boardDocument(board, 'v2').json) as { readonly spec: unknown };
        return { name: `${fleet}: ${board.uid}`, type: 'V2Spec' as const, value: spec };
      });
    expect(typeMistakes(documents)).toEqual([]);
  });
});
