import { expect, test } from '@jest/globals';
import { boardUnits } from '../../../src/domain/board.js';
import { boardDocument } from '../../../src/generate/dashboards/board-document.js';
import { grafanaUnit } from '../../../src/generate/dashboards/panel-words.js';
import { isGrafanaUnit } from '../../support/boards/grafana-units.js';
import { boardsOfEveryFleet } from './made-up-boards.js';

test.each(boardUnits)('Grafana has the unit %s', (unit) => {
  expect(isGrafanaUnit(grafanaUnit(unit))).toBe(true);
});

test('no board of any mesh has a unit that Grafana has not: defaults, columns, axes, nodes', () => {
  const units = new Set(
    boardsOfEveryFleet().flatMap(([, board]) =>
      [
        ...boardDocument(board).json.matchAll(/"(?:unit|mainStatUnit)": "([^"]*)"|"id": "unit",\s*"value": "([^"]*)"/g),
      ].map(([, plain, column]) => plain ?? column!),
    ),
  );
  expect(units.size).toBeGreaterThan(6);
  expect([...units].filter((unit) => !isGrafanaUnit(unit))).toEqual([]);
});

test.each(['req/s', 'seconds', 'percentUnit', ''])('%s is none', (unit) => {
  expect(isGrafanaUnit(unit)).toBe(false);
});
