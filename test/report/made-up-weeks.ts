import type { BadBreakdown, SlotBatch, SloEvents, UnplacedEvents } from '../../src/domain/slot-batch.js';
import { type Slo, sloId } from '../../src/domain/slo.js';
import { Ledger } from '../../src/ledger/ledger.js';
import type { ReportSource } from '../../src/report/report-source.js';
import { batch, slo } from '../ledger/support.js';

/** Width of the slots that weeks are made of. */
export const slotSeconds = 300;

/** What one SLO had in one slot; made up first, and then written into a ledger. */
export interface MadeUpSlot extends SloEvents {
  readonly at: number;
}

/** Everything that a ledger is filled with, slots in order of time: what its reports are held against. */
export interface MadeUpPast {
  readonly slos: readonly Slo[];
  readonly slots: readonly MadeUpSlot[];
  readonly unplaced: readonly UnplacedEvents[];
  /** By the start of their slot. */
  readonly breakdown: ReadonlyMap<number, readonly BadBreakdown[]>;
}

const facts = { caller: 'storefront', callerCluster: 'eu', version: 'v3', method: '', flags: '-', code: '503' };

export const month = { kind: 'calendar', period: 'month', timeZone: 'Europe/Berlin' } as const;

/** The SLOs of a small shop: one of each way of counting. */
export const shop = {
  cart: slo('cart', { owner: 'team-shop' }),
  cartLatency: slo('cart', {
    name: 'latency',
    indicator: { kind: 'latency', thresholdSeconds: 0.25 },
    objective: 0.99,
    window: month,
    owner: 'team-shop',
  }),
  search: slo('search', {
    objective: 0.95,
    budgeting: { method: 'time-slices', sliceSeconds: 900, sliceObjective: 0.99 },
    owner: 'team-search',
  }),
  silent: slo('silent', { owner: 'team-search' }),
  gone: slo('gone'),
};

/**
 * Eight weeks that end with a week, with chance in every slot: a burst of failures in the cart, an hour of search without
 * a slot, gaps over the week's first midnight and within it, a service without traffic, and one that is gone.
 */
export function madeUpPast({
  from,
  to,
  burst,
}: {
  from: number;
  to: number;
  burst: { from: number; to: number };
}): MadeUpPast {
  let state = 7;
  const random = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  const slots: MadeUpSlot[] = [];
  const breakdown = new Map<number, readonly BadBreakdown[]>();
  const add = (of: Slo, at: number, total: number, bad: number, coverage = 1): void =>
    void slots.push({ slo: sloId(of), at, total, bad, coverage });
  for (let at = from - 7 * 7 * 86_400; at < to; at += slotSeconds) {
    const isBurst = at >= burst.from && at < burst.to;
    const total = 200 + Math.floor(random() * 600);
    const bad = isBurst ? Math.floor(total * 0.3) : random() < 0.08 ? 1 : 0;
    add(shop.cart, at, total, bad);
    if (bad > 0) breakdown.set(at, [{ slo: sloId(shop.cart), facts, bad }]);
    add(shop.cartLatency, at, total, Math.floor(random() * total * 0.02));
    const isUnseen = at >= burst.from - 7200 && at < burst.from - 3600;
    if (!isUnseen) add(shop.search, at, 100, random() < 0.03 ? 5 : 0, random() < 0.01 ? 0.5 : 1);
    add(shop.silent, at, 0, 0);
    if (at < from - 86_400) add(shop.gone, at, 10, 0);
  }
  const unplaced: UnplacedEvents[] = [
    { slo: sloId(shop.cart), from: from - 600, to: from + 600, total: 5000, bad: 21 },
    { slo: sloId(shop.cart), from: from + 86_400, to: from + 90_000, total: 4000, bad: 17 },
    { slo: sloId(shop.cart), from: from - 1200, to: from, total: 3000, bad: 13 },
  ];
  return { slos: Object.values(shop), slots, unplaced, breakdown };
}

/** Writes a past into a ledger, each gap with the slot that it ended with. */
export function fill(ledger: Ledger, { slos, slots, unplaced, breakdown }: MadeUpPast): void {
  ledger.declare(slos, slots[0]?.at ?? 0);
  const ofSlot = new Map<number, SloEvents[]>();
  for (const { at, ...events } of slots) {
    const known = ofSlot.get(at);
    if (known) known.push(events);
    else ofSlot.set(at, [events]);
  }
  ledger.import(
    [...ofSlot].map(([at, events]): SlotBatch => {
      const gaps = unplaced.filter(({ to }) => to >= at && to < at + slotSeconds);
      return batch(at, { slotSeconds, events, unplaced: gaps, breakdown: breakdown.get(at) ?? [] });
    }),
    { origin: 'made up' },
  );
}

/** What a report is read from, with nothing but a ledger. */
export function sourceOf(ledger: Ledger, now: number, changes: Partial<ReportSource> = {}): ReportSource {
  return {
    ledger,
    slos: Object.values(shop),
    findings: undefined,
    catalog: undefined,
    corrections: undefined,
    page: undefined,
    now,
    ...changes,
  };
}
