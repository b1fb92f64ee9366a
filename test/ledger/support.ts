import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AlertEpisode } from '../../src/domain/alert.js';
import type { SlotBatch } from '../../src/domain/slot-batch.js';
import type { Slo } from '../../src/domain/slo.js';
import type { Ledger } from '../../src/ledger/ledger.js';
import { slo as availabilitySlo } from '../sli/directory.js';

/** 2026-06-01T00:00:00Z, a Monday. */
export const monday = Date.UTC(2026, 5, 1) / 1000;

/** An availability SLO of 99.9 % over 30 days. */
export function slo(name: string, changes: Partial<Slo> = {}): Slo {
  return availabilitySlo({ service: { cluster: 'eu', namespace: 'shop', name }, ...changes });
}

export const cart = slo('cart');
export const cartId = 'eu/shop/cart/availability';
export const stock = slo('stock');
export const stockId = 'eu/shop/stock/availability';

/** A batch with nothing in it but what is given. */
export function batch(slotStart: number, changes: Partial<SlotBatch> = {}): SlotBatch {
  return {
    slotStart,
    slotSeconds: 60,
    events: [],
    unplaced: [],
    breakdown: [],
    signals: [],
    unseen: [],
    checkpoints: [],
    ...changes,
  };
}

/** Events of the cart alone, fully observed. */
export function cartBatch(slotStart: number, total: number, bad: number, changes: Partial<SlotBatch> = {}): SlotBatch {
  return batch(slotStart, { events: [{ slo: cartId, total, bad, coverage: 1 }], ...changes });
}

/** A page of the cart that goes on. */
export function episode(id: string, startedAt: number, changes: Partial<AlertEpisode> = {}): AlertEpisode {
  return {
    id,
    name: 'ErrorBudgetBurnFast',
    severity: 'page',
    labels: { cluster: 'eu', namespace: 'shop', service: 'cart', slo: 'availability', owner: 'team-shop' },
    annotations: { summary: 'the cart burns' },
    startedAt,
    endedAt: undefined,
    inhibited: false,
    acknowledged: undefined,
    noise: undefined,
    ...changes,
  };
}

/** Lets everything grow old: six hours without events end at a moment, which make it one to be believed. */
export function passTime(ledger: Ledger, until: number): void {
  const quarters = Array.from({ length: 24 }, (_, number) => batch(until - (24 - number) * 900, { slotSeconds: 900 }));
  ledger.import(quarters, { origin: 'later' });
  ledger.compact();
}

/** Runs with a path in a new folder that is gone afterwards. */
export function withPath<T>(work: (path: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'meshslo-ledger-'));
  const clean = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const result = work(join(folder, 'state', 'ledger.db'));
    if (result instanceof Promise) return result.finally(clean) as T;
    clean();
    return result;
  } catch (error) {
    clean();
    throw error;
  }
}
