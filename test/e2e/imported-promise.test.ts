import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { EventLog, RequestEvents } from '../../src/simulator/event-log.js';
import { differences, imported } from '../peers/imported.js';
import { everyTrouble, smallMesh } from '../simulator/small-mesh.js';
import { withoutLost } from './loss-book.js';
import { ObservedMesh } from './observed-mesh.js';

const start = 1_795_168_800; // a whole hour
const cart =
  'reporter="destination",destination_service_name="cart",destination_service_namespace="shop",source_canonical_service="web"';
const spec = `version: prometheus/v1
service: cart
slos:
  - name: from-web
    objective: 99.5
    sli:
      events:
        error_query: sum(rate(istio_requests_total{${cart},response_code=~"5.."}[{{.window}}]))
        total_query: sum(rate(istio_requests_total{${cart}}[{{.window}}]))
    alerting: { name: CartBurns }
  - name: from-anybody
    objective: 99.9
    sli:
      events:
        error_query: sum(rate(istio_requests_total{${cart.replace(/,source.*/, '')},response_code=~"5.."}[{{.window}}]))
        total_query: sum(rate(istio_requests_total{${cart.replace(/,source.*/, '')}}[{{.window}}]))
    alerting: { name: CartBurns }
`;

describe('a promise that came from Sloth, on a mesh where everything fails now and then', () => {
  const observed = new ObservedMesh(smallMesh({ shares: everyTrouble, requestsPerSecond: 40 }), start, 11);
  const made = imported(spec);
  let seen: EventLog;

  beforeAll(async () => {
    await observed.open(made.files[0]!.text);
    await observed.startMeshslo();
    await observed.list();
    await observed.live(3 * 60);
    seen = withoutLost(observed.log, observed.lost());
  });

  afterAll(() => observed.close());

  /** Requests that the destination's proxy reported, of the ways to end that are asked for. */
  const logged = (is: (server: NonNullable<RequestEvents['server']>) => boolean): number =>
    seen.count(
      start,
      observed.clock.now(),
      ({ destination, server }) => destination === 'shop/cart' && !!server && is(server),
    );

  test.each(['availability', 'from-web'])(
    '%s has in the ledger what its query means, but for what import told',
    (name) => {
      const theirs = { total: logged(() => true), bad: logged(({ code }) => code >= 500) };
      const aborted = logged(({ flags }) => flags.includes('DC'));
      const unanswered = logged(({ code, flags }) => code === 0 && !flags.includes('DC'));
      expect(Math.min(aborted, unanswered, theirs.bad)).toBeGreaterThan(0);

      const range = { from: start, to: observed.clock.now() };
      const { total, bad } = observed.ledger.sums(range, { unplaced: 'ending-inside' }).of(`test/shop/cart/${name}`);
      expect({ total, bad }).toEqual({ total: theirs.total - aborted, bad: theirs.bad + unanswered });
    },
  );

  test('the difference is the one that was told', () => {
    expect(new Set(differences(made))).toEqual(
      new Set([
        'your query counts requests with response_flags DC (client went away) as good; meshslo leaves them out',
        'your query counts requests without an answer (code 0) as good; meshslo counts them as bad',
        // Nothing of this mesh speaks gRPC.
        'your query counts gRPC answers with status 2, 4, 7, 13, 14, 15 as good; meshslo counts them as bad',
      ]),
    );
  });
});
