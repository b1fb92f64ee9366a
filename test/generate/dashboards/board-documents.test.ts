import { describe, expect, test } from '@jest/globals';
import { boardDocument } from '../../../src/generate/dashboards/board-document.js';
import { boardDocuments } from '../../../src/generate/dashboards/board-documents.js';
import { boardSet } from '../../../src/generate/dashboards/board-set.js';
import { loadBoards } from '../../../src/packs/load-boards.js';
import { loadPacks } from '../../../src/packs/load-packs.js';
import { madeUpSlo, partsOf } from '../rules/made-up-slos.js';

const names = [
  'cart',
  'Cart-2',
  'zq7service7qz',
  'a.b',
  'x"y',
  'shop',
  'service',
  '_',
  'with space',
  'default',
  'svc$cluster',
  'n'.repeat(120),
];

describe.each([...loadPacks().packs.keys()])('boards of services on %s', (mesh) => {
  const slos = names.flatMap((name, index) => {
    const service = { cluster: index % 2 === 0 ? 'eu-1' : 'eu-2', namespace: names[(index + 3) % names.length]!, name };
    return [
      madeUpSlo({ service, mesh, owner: index % 3 === 0 ? undefined : `team-${index % 3}` }),
      madeUpSlo({ service, mesh, name: 'client', perspective: 'client' }),
    ];
  });
  const parts = { ...partsOf(slos), boards: loadBoards().packs };

  test.each(['classic', 'v2'] as const)(
    'are the same bytes whether each is made or one is filled in for all (%s)',
    (schema) => {
      const made = [...boardSet(parts)].map((board) => boardDocument(board, schema));
      const filled = [...boardDocuments(parts, schema)];
      expect(filled.map(({ uid, title }) => [uid, title])).toEqual(made.map(({ uid, title }) => [uid, title]));
      for (const [index, { json }] of filled.entries()) expect(json === made[index]!.json).toBe(true);
    },
  );

  test('have a uid of their own each', () => {
    const uids = [...boardDocuments(parts)].map(({ uid }) => uid);
    expect(new Set(uids).size).toBe(uids.length);
  });
});
