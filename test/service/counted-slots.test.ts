import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import type { ServiceId } from '../../src/domain/service-id.js';
import { sloId } from '../../src/domain/slo.js';
import { Ledger } from '../../src/ledger/ledger.js';
import { CountedSlots } from '../../src/service/counted-slots.js';
import { CurrentSlos } from '../../src/service/current-slos.js';
import { leastConfig, Workspace } from '../config/workspace.js';
import { batch } from '../ledger/support.js';

const workspace = new Workspace();
afterEach(() => workspace.remove());

const days = 86_400;
const [cart, old]: readonly ServiceId[] = ['cart', 'old'].map((name) => ({ cluster: 'eu1', namespace: 'shop', name }));

test('a running service lets go of who was not seen for thirty days, at the next hour; who is idle stays', () => {
  const ledger = Ledger.open(join(workspace.folder, 'ledger.db'));
  const slos = new CurrentSlos(workspace.load({ 'meshslo.yaml': leastConfig }).config!.slos);
  const slots = new CountedSlots({
    source: { collect: () => Promise.resolve([]) },
    slos,
    ledger,
    metrics: { commitEnded: () => undefined },
    clock: { monotonic: () => 0 },
    onNotice: () => undefined,
    onCommitted: () => undefined,
  });
  const commit = (slotStart: number, seen: readonly ServiceId[]): void => {
    const events = seen
      .flatMap((service) => slos.slosOf(service, 'server', 'istio'))
      .map((slo) => ({ slo: sloId(slo), total: 0, bad: 0, coverage: 1 }));
    slots.commit(batch(slotStart, { events }));
  };
  const known = (): readonly string[] => [...new Set(slos.all().map(({ service }) => service.name))].sort();
  const start = 1_000 * days;

  commit(start, [cart!, old!]);
  commit(start + 30 * days, [cart!]);
  expect(known()).toEqual(['cart', 'old']);
  commit(start + 30 * days + 60, [cart!]);
  expect(known()).toEqual(['cart', 'old']);
  commit(start + 30 * days + 3600, [cart!]);
  expect(known()).toEqual(['cart']);
  commit(start + 30 * days + 3660, [cart!, old!]);
  commit(start + 30 * days + 7200, [cart!]);
  expect(known()).toEqual(['cart', 'old']);
  ledger.close();
});
