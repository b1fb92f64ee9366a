/**
 * A process in which the cart burns: started by alert-desk.test.ts with the path of a ledger and the address of an
 * Alertmanager, ended by kill -9. Prints the id of the episode once it is safe, and then what became of it.
 */
import { AlertDesk } from '../../src/alerting/alert-desk.js';
import { Ledger } from '../../src/ledger/ledger.js';
import { page } from './alerts.js';

const [path, url] = process.argv.slice(2);
const ledger = Ledger.open(path!);
const desk = new AlertDesk({
  store: ledger.alerts,
  clock: { now: () => Date.now() / 1000, monotonic: () => performance.now() / 1000 },
  settings: {
    cluster: 'eu',
    alertmanagers: [{ url: url!, timeoutSeconds: 60, access: {} }],
    links: { page: 'https://meshslo.example', runbooks: undefined, dashboards: undefined },
  },
  evaluate: () => [page('cart')],
  watch: () => [],
  onEvaluated: () => undefined,
  onPosted: ({ outcome }) => process.stdout.write(`${outcome}\n`),
  onLook: () => undefined,
});
desk.start();
desk.look();
process.stdout.write(`${desk.ongoing()[0]!.id}\n`);
