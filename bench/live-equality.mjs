/**
 * The books of a live mesh at real scale: `node bench/run.mjs live-equality`, beside the two minutes of
 * test/e2e/live-equality.test.ts.
 *
 * Environment: BENCH_MINUTES of traffic (120), BENCH_SPEED (1: a minute is a minute).
 */
import { show } from './table.mjs';
import { testTools } from './test-tools.mjs';

export async function bench({ json }) {
  const { fleetRules, runLive } = await testTools();
  const slis = ['server', 'mesh-failures'].map((perspective) => ({ perspective, kind: 'availability' }));
  const { between, end, missedEvaluations } = await runLive(fleetRules(slis), {
    speed: Number(process.env.BENCH_SPEED ?? 1),
    trafficMinutes: Number(process.env.BENCH_MINUTES ?? 120),
  });
  const rows = [
    ['after an incident', between],
    ['in the end', end],
  ].flatMap(([when, comparisons]) =>
    comparisons.flatMap((books) =>
      ['total', 'bad'].map((kind) => [
        when,
        books.perspective,
        kind,
        ...['log', 'ledger', 'minutes', 'fiveMinutes'].map((book) => books[book][kind]),
      ]),
    ),
  );
  show({
    title: `Events of one service in four books; ${missedEvaluations} evaluations missed`,
    columns: ['when', 'perspective', 'events', 'log', 'ledger', 'recorded minutes', 'recorded five minutes'],
    rows,
    figures: { between, end, missedEvaluations },
    json,
  });
}
