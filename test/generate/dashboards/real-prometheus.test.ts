import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Board } from '../../../src/domain/board.js';
import { filled } from '../../support/boards/read-promql.js';
import { speed, WatchedMesh } from '../../support/boards/watched-mesh.js';
import { fasterRules } from '../../support/prometheus/faster-rules.js';
import { describeWith } from '../../support/programs.js';

/** The text of a query for a world in which time runs faster. */
function faster(expr: string): string {
  const filling = { intervalSeconds: 60, rateIntervalSeconds: 240, rangeSeconds: 600 };
  const [group] = fasterRules([{ name: '', intervalSeconds: 60, rules: [{ expr: filled(expr, filling) }] }], speed);
  return group!.rules[0]!.expr;
}

/** One query of one board, with what was chosen. */
interface Question {
  readonly where: string;
  readonly text: string;
  readonly instant: boolean;
}

describeWith('prometheus', 'every query of every board', () => {
  const watched = new WatchedMesh();

  beforeAll(() => watched.start(), 60_000);
  afterAll(() => watched.close());

  /** Variables with one value each, as somebody chose them; undefined while there is nothing to choose from. */
  async function chosen({ variables }: Board): Promise<Readonly<Record<string, string>> | undefined> {
    const values: Record<string, string> = {};
    for (const { name, label, selector, single } of variables) {
      const query = `count by (${label}) (${fillVariables(selector, values)})`;
      const found = await watched.prometheus.instant(query, Date.now() / 1000);
      const known = found.flatMap(({ labels }) => labels[label] ?? []);
      if (known.length === 0) return undefined;
      const preferred = ['cart', watched.proxyOf('cart')];
      if (single) values[name] = known.find((value) => preferred.includes(value)) ?? known[0]!;
    }
    return values;
  }

  async function isSilent({ text, instant }: Question): Promise<boolean> {
    const now = Date.now() / 1000;
    const { prometheus } = watched;
    const found = instant ? await prometheus.instant(text, now) : await prometheus.range(text, now - 20, now, 2);
    return found.length === 0;
  }

  function questionsOf(board: Board, values: Readonly<Record<string, string>>): readonly Question[] {
    return board.rows
      .flatMap(({ panels }) => panels)
      .flatMap(({ title, queries }) =>
        queries.map(({ expr, instant, refId }) => {
          const text = faster(fillVariables(expr, values));
          return { where: `${board.uid} (${board.title}), ${title} ${refId}`, text, instant };
        }),
      );
  }

  test('gives data in a Prometheus that scrapes a mesh, its control plane and meshslo', async () => {
    let open = watched.boards().map((board) => ({ board, questions: undefined as readonly Question[] | undefined }));
    const boards = open.length;
    let asked = 0;
    const deadline = Date.now() + 75_000;
    await sleep(12_000);
    await watched.silence('web');
    while (open.length > 0 && Date.now() < deadline) {
      const still: typeof open = [];
      for (const { board, questions } of open) {
        const values = questions ? {} : await chosen(board);
        if (values === undefined) {
          still.push({ board, questions });
          continue;
        }
        const left: Question[] = [];
        for (const question of questions ?? questionsOf(board, values)) {
          asked += 1;
          if (await isSilent(question)) left.push(question);
        }
        if (left.length > 0) still.push({ board, questions: left });
      }
      open = still;
      if (open.length > 0) await sleep(1000);
    }
    const silent = open.flatMap(
      ({ board, questions }) =>
        questions?.map(({ where, text }) => `${where}: ${text}`) ?? [`${board.uid} has nothing to choose`],
    );
    expect(silent).toEqual([]);
    expect(boards).toBeGreaterThan(10);
    expect(asked).toBeGreaterThan(150);
  }, 120_000);
});

function fillVariables(expr: string, values: Readonly<Record<string, string>>): string {
  return expr.replaceAll(/\$(?!__)([a-z_]+)/g, (_, name: string) => values[name] ?? '.*');
}
