import { type Slo, sloId } from '../../src/domain/slo.js';
import { type MadeUpPast, type MadeUpSlot, slotSeconds } from './made-up-weeks.js';

/** What must come out, added up slot by slot: no sum, window or state is taken from the code that is tested. */
export class Oracle {
  readonly #past: MadeUpPast;
  readonly #ofSlo = new Map<string, MadeUpSlot[]>();

  constructor(past: MadeUpPast) {
    this.#past = past;
    for (const slo of past.slos) this.#ofSlo.set(sloId(slo), []);
    for (const slot of past.slots) this.#ofSlo.get(slot.slo)!.push(slot);
  }

  /** Events of a stretch; slices where the budget counts slices. */
  events(slo: Slo, from: number, to: number): { readonly total: number; readonly bad: number } {
    const slots = this.#slots(slo).filter(({ at }) => at >= from && at < to);
    if (slo.budgeting.method === 'time-slices') return slices(slots, slo.budgeting);
    const gaps = this.#past.unplaced.filter((gap) => gap.slo === sloId(slo) && gap.to > from && gap.to <= to);
    return { total: sum([...slots, ...gaps], 'total'), bad: sum([...slots, ...gaps], 'bad') };
  }

  /** Observed share of a stretch, from the first slot on. */
  coverage(slo: Slo, from: number, to: number): number {
    const slots = this.#slots(slo);
    const observed = slots
      .filter(({ at }) => at >= from && at < to)
      .reduce((seconds, { coverage }) => seconds + coverage * slotSeconds, 0);
    return observed / (to - Math.max(from, slots[0]!.at));
  }

  #slots(slo: Slo): readonly MadeUpSlot[] {
    return this.#ofSlo.get(sloId(slo))!;
  }
}

function sum(of: readonly { readonly total: number; readonly bad: number }[], column: 'total' | 'bad'): number {
  return of.reduce((all, one) => all + one[column], 0);
}

function slices(
  slots: readonly { readonly at: number; readonly total: number; readonly bad: number }[],
  { sliceSeconds, sliceObjective }: { readonly sliceSeconds: number; readonly sliceObjective: number },
) {
  const sums = new Map<number, { total: number; bad: number }>();
  for (const { at, total, bad } of slots) {
    const slice = Math.floor(at / sliceSeconds);
    const known = sums.get(slice) ?? { total: 0, bad: 0 };
    sums.set(slice, { total: known.total + total, bad: known.bad + bad });
  }
  const seen = [...sums.values()].filter(({ total }) => total > 0);
  return { total: seen.length, bad: seen.filter(({ total, bad }) => (total - bad) / total < sliceObjective).length };
}
