import { beforeAll, expect, test } from '@jest/globals';
import { fleetRules } from '../generate/rules/fleet-rules.js';
import { describeWith } from '../support/programs.js';
import { type LiveRun, runLive } from './live-run.js';

describeWith('prometheus', 'the same mesh, watched by meshslo and by a Prometheus with the generated rules', () => {
  let run: LiveRun;

  beforeAll(async () => {
    // A delay of a minute leaves three seconds for a scrape.
    const rules = fleetRules(
      [
        { perspective: 'server', kind: 'availability' },
        { perspective: 'mesh-failures', kind: 'availability' },
      ],
      { delaySeconds: 60 },
    );
    // A machine that is too busy to evaluate every minute in three seconds says nothing of equality: then slower.
    for (const speed of [20, 10, 4]) {
      run = await runLive(rules, speed);
      if (run.missedEvaluations === 0) break;
    }
  }, 1_200_000);

  test('has the same bad events in all books, to the event: after an incident, and in the end', () => {
    for (const { log, ledger, minutes, fiveMinutes } of run.end) {
      expect(log.bad).toBeGreaterThan(500);
      expect([ledger.bad, minutes.bad, fiveMinutes.bad]).toEqual([log.bad, log.bad, log.bad]);
    }
    for (const { log, ledger, minutes } of run.between) {
      expect(log.bad).toBeGreaterThan(250);
      expect([ledger.bad, minutes.bad]).toEqual([log.bad, log.bad]);
    }
  });

  test('has the same events in all books, but for what died with a process before anybody looked', () => {
    for (const { log, ledger, minutes, fiveMinutes } of run.end) {
      expect(log.total).toBeGreaterThan(30_000);
      for (const { total } of [ledger, minutes, fiveMinutes]) {
        expect(total).toBeLessThanOrEqual(log.total);
        // Two processes of sixteen that share 40 requests a second, half a minute each at most; and those that call them.
        expect(log.total - total).toBeLessThan(250);
      }
    }
  });
});
