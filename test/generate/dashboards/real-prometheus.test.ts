import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Board } from '../../../src/domain/board.js';
import { controlPlaneKinds } from '../../../src/packs/control-plane-pack.js';
import { filled } from '../../support/boards/read-promql.js';
import { speed, WatchedFleet } from '../../support/boards/watched-fleet.js';
import { fasterRules } from '../../support/prometheus/faster-rules.js';
import { describeWith } from '../../support/programs.js';
import { everyQuery } from '../../docs/runbook-queries.js';

/** The text of a query for a world in which time runs faster. */
function faster(expr: string): string {
  const filling = { intervalSeconds: 60, rateIntervalSeconds: 240, rangeSeconds: 600 };
  const [group] = fasterRules([{ name: '', intervalSeconds: 60, rules: [{ expr: filled(expr, filling) }] }], speed);
  return group!.rules[0]!.expr;
}

/** A query, and the panels and events of boards that ask it. */
interface Question {
  readonly text: string;
  /** `ever`: since the scrapes began, for what is over in a moment: then every version was new. */
  readonly asked: 'now' | 'lately' | 'ever';
  readonly where: string[];
}

/** Queries of runbooks that have no answer here. */
const unanswered: readonly { readonly query: RegExp; readonly why: string }[] = [
  { query: /^[a-z ()]*container_/, why: 'of containers the node tells (cAdvisor)' },
  { query: /bad_calls_per_request/, why: 'who is called is in a cluster without SLOs; dependency-file.test.ts has it' },
];

/** Without the last comparison with a number. */
function withoutLimit(query: string): string {
  return query.replace(/ (?:[<>]|==) [\d.]+$/, '');
}

describeWith('prometheus-alertmanager', 'beside an Alertmanager', (alertmanager) =>
  describeWith('prometheus', 'every query', () => {
    const watched = new WatchedFleet();

    let began = 0;

    beforeAll(async () => {
      began = Date.now() / 1000;
      await watched.start(alertmanager);
    });
    afterAll(() => watched.close());

    /** Variables with one value each, as somebody chose them; undefined while there is nothing to choose from. */
    async function chosen({ variables }: Board): Promise<Readonly<Record<string, string>> | undefined> {
      const values: Record<string, string> = {};
      for (const { name, label, selector, single } of variables) {
        const query = `count by (${label}) (${fillVariables(selector, values)})`;
        const found = await watched.prometheus.instant(query, Date.now() / 1000);
        const known = found.flatMap(({ labels }) => labels[label] ?? []).sort();
        if (known.length === 0) return undefined;
        const ofCart = watched.planes.addressesOf('cart');
        const isPreferred = (value: string): boolean => value === 'istio' || value === 'cart' || ofCart.has(value);
        if (single) values[name] = known.find(isPreferred) ?? known[0]!;
      }
      return values;
    }

    async function isSilent({ text, asked }: Question): Promise<boolean> {
      const now = Date.now() / 1000;
      const { prometheus } = watched;
      if (asked === 'now') return (await prometheus.instant(text, now)).length === 0;
      const from = asked === 'ever' ? began : now - 16;
      return (await prometheus.range(text, from, now, 2)).length === 0;
    }

    /** Those without an answer yet, some asked at a time. */
    async function silentOf(questions: readonly Question[]): Promise<readonly Question[]> {
      const waiting = [...questions];
      const silent: Question[] = [];
      const worker = async (): Promise<void> => {
        for (let one = waiting.shift(); one; one = waiting.shift()) if (await isSilent(one)) silent.push(one);
      };
      await Promise.all(Array.from({ length: 6 }, worker));
      return silent;
    }

    test('of every board of every mesh and control plane gives data in a Prometheus that scrapes them, and meshslo', async () => {
      const boards = watched.boards();
      const asked = new Map<string, Question>();
      // On a machine with ten times as much to do, a round of all questions takes minutes.
      const deadline = Date.now() + 600_000;
      let closed: readonly Board[] = boards;
      let silent: readonly Question[] = [];
      do {
        await sleep(2000);
        const fresh: Question[] = [...silent];
        const still: Board[] = [];
        for (const board of closed) {
          const values = await chosen(board);
          if (values === undefined) still.push(board);
          else fresh.push(...questionsOf(board, values).filter((one) => isNew(one, asked)));
        }
        closed = still;
        silent = await silentOf(fresh);
      } while (silent.length + closed.length > 0 && Date.now() < deadline);
      expect({
        withoutChoice: closed.map(({ uid }) => uid),
        silent: silent.map(({ where, text }) => `${where.join('; ')}: ${text}`),
      }).toEqual({ withoutChoice: [], silent: [] });

      const places = [...asked.values()].flatMap(({ where }) => where);
      const askedBy = (part: string): number => places.filter((where) => where.includes(part)).length;
      for (const kind of controlPlaneKinds)
        expect([kind, askedBy(`control-plane-${kind} `) > 10]).toEqual([kind, true]);
      for (const pack of watched.planes.packs) expect([pack, askedBy(`proxy-${pack} `) > 1]).toEqual([pack, true]);
      expect(places.length).toBeGreaterThan(600);
    }, 900_000);

    test('of every runbook gives data, or does so without its limit where it shows trouble only', async () => {
      // Of the two services with SLOs, it is the one that calls the other.
      const queries = everyQuery({ cluster: 'istio', namespace: 'shop', name: 'web' });
      const deadline = Date.now() + 300_000;
      let silent = queries.filter(({ query }) => !unanswered.some((one) => one.query.test(query)));
      expect(queries.length - silent.length).toBe(3);
      const amountOf = async (query: string): Promise<number> =>
        (await watched.prometheus.instant(faster(withoutLimit(query)), Date.now() / 1000)).length;
      do {
        await sleep(1000);
        const amounts = await Promise.all(silent.map(({ query }) => amountOf(query)));
        silent = silent.filter((_, index) => amounts[index] === 0);
      } while (silent.length > 0 && Date.now() < deadline);
      expect(silent).toEqual([]);
    }, 400_000);
  }),
);

/** Notes where it is asked; false for one that another panel has asked before. */
function isNew(one: Question, asked: Map<string, Question>): boolean {
  const known = asked.get(one.text);
  if (known) known.where.push(...one.where);
  else asked.set(one.text, one);
  return known === undefined;
}

function questionsOf(board: Board, values: Readonly<Record<string, string>>): readonly Question[] {
  const panels = board.rows.flatMap((row) => row.panels);
  const ofPanels = panels.flatMap(({ title, queries }) =>
    queries.map(({ expr, instant, refId }) => ({
      title: `${title} ${refId}`,
      expr,
      asked: instant ? ('now' as const) : ('lately' as const),
    })),
  );
  // One name, one question: a service is in one of the meshes whose versions are asked for.
  const ofEvents = [...new Set(board.events.map(({ name }) => name))].flatMap((name) => {
    const exprs = board.events.flatMap((one) =>
      one.name === name && one.source.kind === 'query' ? [one.source.expr] : [],
    );
    const expr = exprs.map((one) => `(${one})`).join(' or ');
    return exprs.length === 0 ? [] : [{ title: `events ${name}`, expr, asked: 'ever' as const }];
  });
  return [...ofPanels, ...ofEvents].map(({ title, expr, asked }) => ({
    text: faster(fillVariables(expr, values)),
    asked,
    where: [`${board.uid} (${board.title}), ${title}`],
  }));
}

function fillVariables(expr: string, values: Readonly<Record<string, string>>): string {
  return expr.replaceAll(/\$(?!__)([a-z_]+)/g, (_, name: string) => values[name] ?? '.*');
}
