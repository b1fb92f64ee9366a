/**
 * A process that archives one report for ten recipients, if it is not there yet, and hands its letters over: started by
 * kill.test.ts, ended by kill -9. Arguments: the ledger's path, the port of the SMTP server. It prints `done` when nobody waits.
 */
import { Ledger } from '../../../src/ledger/ledger.js';
import { Courier } from '../../../src/report/delivery/courier.js';
import { Doors } from '../../../src/report/delivery/doors.js';
import { lettersOf } from '../../../src/report/delivery/letters.js';
import { madeUpMail, madeUpReport, mondayAtEight, settings, to } from './made-up-report.js';

const recipients = Array.from({ length: 10 }, (_, number) => `r${number}@example.com`);
const reports = settings(Number(process.argv[3]), { organisation: to(...recipients) });
const ledger = Ledger.open(process.argv[2]!);
const store = ledger.reports;
const doors = new Doors({ store, settings: () => reports, page: () => undefined, environment: {} });
const courier = new Courier({
  store,
  doors: (way) => doors.door(way),
  clock: { now: () => mondayAtEight },
  chance: () => 0,
  onAttempt: () => undefined,
  onFailure: (failure) => failure && process.stderr.write(`${failure.message}\n`),
});
if (!store.get('2026-W47')) {
  const entry = { id: '2026-W47', week: '2026-W47', scope: '', revision: 1, subject: 'Week 47', madeAt: mondayAtEight };
  const contents = { model: JSON.stringify(madeUpReport()), mail: JSON.stringify(madeUpMail()) };
  store.archive({ ...entry, ...contents }, lettersOf('2026-W47', reports.organisation, reports.mail));
}
await courier.work();
doors.close();
if (store.letters.nextDueAt() === undefined) process.stdout.write('done\n');
ledger.close();
