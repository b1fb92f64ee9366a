import { describe, expect, test } from '@jest/globals';
import { boardDocument } from '../../../src/generate/dashboards/board-document.js';
import type { BoardResource } from '../../../src/generate/dashboards/resource-board.js';
import { resourceMistakes } from '../../support/boards/resource-fields.js';
import { boardsOfEveryFleet } from './made-up-boards.js';

const documents = boardsOfEveryFleet().map(([fleet, board]) => ({
  name: `${fleet}: ${board.uid}`,
  document: JSON.parse(boardDocument(board, 'v2').json) as BoardResource,
}));

describe("Grafana's resource v2, field by field", () => {
  test('is what every board of every mesh is', () => {
    expect(documents.length).toBeGreaterThan(80);
    for (const { name, document } of documents) expect([name, resourceMistakes(document)]).toEqual([name, []]);
  });

  const { document } = documents[0]!;
  const [id, panel] = Object.entries(document.spec.elements)[0]!;

  test.each<[string, object, string]>([
    ['a field of another schema', { ...document.spec, panels: [] }, '.spec.panels: Spec has no such field'],
    ['one that is missing', { ...document.spec, timeSettings: undefined }, '.spec.timeSettings: Spec wants it'],
    [
      'one of another kind',
      { ...document.spec, elements: { [id]: { ...panel, spec: { ...panel.spec, id: 'one' } } } },
      `.spec.elements.${id}.spec.id: "one" is no number`,
    ],
    [
      'what is said beside a question',
      {
        ...document.spec,
        annotations: document.spec.annotations.map((one) => ({ ...one, spec: { ...one.spec, titleFormat: 'a' } })),
      },
      '.spec.annotations[0].spec.titleFormat: AnnotationSpec has no such field',
    ],
  ])('finds %s', (_, spec, mistake) => {
    expect(resourceMistakes({ ...document, spec })).toContain(mistake);
  });
});
