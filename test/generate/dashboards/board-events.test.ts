import { expect, test } from '@jest/globals';
import type { Board } from '../../../src/domain/board.js';
import { classicBoard } from '../../../src/generate/dashboards/classic-board.js';
import { boardSet } from '../../../src/generate/dashboards/board-set.js';
import { resourceBoard } from '../../../src/generate/dashboards/resource-board.js';
import { loadBoards } from '../../../src/packs/load-boards.js';
import { madeUpSlo, partsOf } from '../rules/made-up-slos.js';

function boardsOf(said: Parameters<typeof madeUpSlo>[0] = {}): readonly Board[] {
  return [...boardSet({ ...partsOf([madeUpSlo(said)]), boards: loadBoards().packs })];
}

const ofCart = (boards: readonly Board[]): Board => boards.find(({ title }) => title.includes('shop/cart'))!;

test('the board of a service marks what meshslo has published of it, and off is what a Prometheus tells, too', () => {
  const place = ['cluster:eu-1', 'namespace:shop', 'service:cart'];
  const tagged = ofCart(boardsOf()).events.flatMap(({ name, isOff = false, source }) =>
    source.kind === 'tags' ? [{ name, isOff, tags: source.tags }] : [],
  );
  expect(tagged).toEqual([
    { name: 'Alerts of meshslo', isOff: true, tags: ['meshslo', 'alert', ...place] },
    { name: 'Deploys', isOff: false, tags: ['meshslo', 'deploy', ...place] },
    { name: 'Corrections', isOff: false, tags: ['meshslo', 'correction', ...place] },
    { name: 'Control plane', isOff: false, tags: ['meshslo', 'control-plane'] },
  ]);
});

test('what is off is off in both schemas', () => {
  const board = ofCart(boardsOf());
  const classic = classicBoard(board).annotations.list!.map(({ name, enable }) => [name, enable]);
  const resource = resourceBoard(board).spec.annotations.map(({ spec }) => [spec.name, spec.enable]);
  expect(classic).toEqual(resource);
  expect(classic).toContainEqual(['Alerts of meshslo', false]);
  expect(classic).toContainEqual(['Control plane', true]);
});

test('what a mark says stands where Grafana looks for it: in the schema v2 beside its question', () => {
  const { spec } = resourceBoard(ofCart(boardsOf())).spec.annotations[0]!;
  expect(spec).toMatchObject({
    name: 'Alerts',
    query: { group: 'prometheus', spec: { refId: 'Anno', interval: '60s' } },
    legacyOptions: { titleFormat: '{{alertname}}', textFormat: '{{namespace}}/{{service}} {{slo}} ({{severity}})' },
  });
  expect(Object.keys(spec.query.spec as object).sort()).toEqual(['expr', 'interval', 'refId']);
});

test('no tag of a board is longer than Grafana keeps it, whatever owners are called', () => {
  const boards = boardsOf({ owner: `team-${'😀'.repeat(60)}` });
  for (const { tags } of boards) for (const tag of tags) expect(Array.from(tag).length).toBeLessThanOrEqual(50);
  expect(ofCart(boards).tags.some((tag) => tag.startsWith('team-😀'))).toBe(true);
});
