import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { boardDocument } from '../../../src/generate/dashboards/board-document.js';
import { boardUid, longestUid, serviceBoardUid, teamBoardUid } from '../../../src/generate/dashboards/board-uid.js';
import { filled, readPromql } from '../../support/boards/read-promql.js';
import { madeUpSlo } from '../rules/made-up-slos.js';
import { boardsOf } from './made-up-boards.js';

const part = fc.string({ minLength: 1, maxLength: 300 });

describe('uids', () => {
  test('fit Grafana, whatever things are called', () => {
    fc.assert(
      fc.property(part, part, part, (cluster, namespace, name) => {
        for (const uid of [
          serviceBoardUid({ cluster, namespace, name }),
          teamBoardUid(name),
          boardUid('proxy', name),
        ]) {
          expect(uid).toMatch(/^[a-z0-9-]+$/);
          expect(uid.length).toBeLessThanOrEqual(longestUid);
        }
      }),
    );
  });

  test('tell services apart whose names run together', () => {
    const alike = [
      { cluster: 'a', namespace: 'b/c', name: 'd' },
      { cluster: 'a', namespace: 'b', name: 'c/d' },
      { cluster: 'a/b', namespace: 'c', name: 'd' },
      { cluster: 'A', namespace: 'b', name: 'c' },
      { cluster: 'a', namespace: 'b', name: 'c' },
    ];
    expect(new Set(alike.map((service) => serviceBoardUid(service))).size).toBe(alike.length);
  });

  test('stay: links in bookmarks and alerts hold', () => {
    expect(serviceBoardUid({ cluster: 'demo', namespace: 'payments', name: 'checkout' })).toBe(
      'meshslo-svc-08d8646615fd9b5b962a9707',
    );
  });
});

describe('a service with every character in its name', () => {
  const name = 'a"b\\c\'d$e${service}[[cluster]]{{x}}\n<i>☃\u0000`|.*';
  const slos = [madeUpSlo({ service: { cluster: 'eu-1', namespace: '$namespace', name } })];
  const board = boardsOf(slos).find(({ uid }) => uid.includes('-svc-'))!;

  test('has a title that says it, in JSON that holds it', () => {
    const { title } = JSON.parse(boardDocument(board).json) as { title: string };
    expect(title).toBe(`eu-1/$namespace/${name.replaceAll('/', '%2F')}`);
  });

  test('is asked for by exactly its name, which nobody takes for a variable', () => {
    for (const { expr } of board.rows.flatMap(({ panels }) => panels.flatMap(({ queries }) => queries))) {
      expect(expr).not.toMatch(/\$(service|namespace|\{)|\[\[/);
      expect(readPromql(filled(expr)).errors).toEqual([]);
    }
    expect(board.rows[0]!.panels[2]!.queries[0]!.expr).toContain('namespace="\\u0024namespace"');
  });
});
