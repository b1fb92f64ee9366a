/**
 * A process that commits minute after minute and prints each once it is safe: started by kill.test.ts, ended by kill -9.
 *
 * Minute n has n requests of one SLO, n % 3 of them bad, a checkpoint that names it, and an alert that begins with it.
 */
import { Ledger } from '../../src/ledger/ledger.js';
import { batch, cart, cartId, episode, monday } from './support.js';

const ledger = Ledger.open(process.argv[2]!);
ledger.declare([cart], monday);
const last = ledger.lastObservedSlot();
for (let minute = last === undefined ? 0 : (last - monday) / 60 + 1; ; minute++) {
  ledger.commit(
    batch(monday + minute * 60, {
      events: [{ slo: cartId, total: minute, bad: minute % 3, coverage: 1 }],
      checkpoints: [{ key: 'minute', state: Buffer.from(String(minute)) }],
    }),
  );
  ledger.alerts.save([episode(`minute ${minute}`, monday + minute * 60)]);
  process.stdout.write(`${minute}\n`);
}
