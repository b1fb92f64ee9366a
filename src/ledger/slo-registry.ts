import type { EpochSeconds } from '../domain/clock.js';
import { type Slo, type SloId, sloId, usualAlerts } from '../domain/slo.js';
import type { Database } from './database.js';
import type { TimeSlices } from './slice-counter.js';

/** What an SLO meant from a moment on, until its next epoch. */
export interface SloEpoch {
  readonly since: EpochSeconds;
  readonly slo: Slo;
}

/** An SLO that was declared at some time; epochs are in order of time and at least one. */
export interface DeclaredSlo {
  readonly id: SloId;
  readonly ordinal: number;
  readonly epochs: readonly SloEpoch[];
}

/** Most SLOs have meant the same all along; who asks for changes need not read what they mean. */
const ofSeveralEpochs = 'WHERE slo IN (SELECT slo FROM epoch GROUP BY slo HAVING count(*) > 1)';

/**
 * Every SLO that the ledger ever knew: a dense ordinal (its position in all columns) and what it meant when.
 */
export class SloRegistry {
  readonly #database: Database;
  #timeSlices: ReadonlyMap<number, TimeSlices> | undefined;
  #definedSince: ReadonlyMap<SloId, EpochSeconds> | undefined;
  #epochs = 0;
  #ordinals = new Map<SloId, number>();
  /** The definition last written, as text and as the object that it came from. */
  #current = new Map<SloId, { readonly text: string; readonly slo: Slo | undefined }>();

  constructor(database: Database) {
    this.#database = database;
    this.refresh();
  }

  get size(): number {
    return this.#ordinals.size;
  }

  ordinal(id: SloId): number | undefined {
    return this.#ordinals.get(id);
  }

  /** Takes in what another process, or a transaction that was rolled back, has changed. */
  refresh(): void {
    const epochs = this.#database.number('SELECT count(*) FROM epoch')!;
    if (epochs === this.#epochs) return;
    this.#epochs = epochs;
    this.#timeSlices = undefined;
    this.#definedSince = undefined;
    this.#ordinals = new Map(
      this.#database.rows('SELECT id, ordinal FROM slo').map(([id, ordinal]) => [id as SloId, ordinal as number]),
    );
    this.#current = new Map(
      this.#database
        .rows('SELECT id, definition, max(since) FROM epoch JOIN slo ON slo = ordinal GROUP BY slo')
        .map(([id, text]) => [id as SloId, { text: text as string, slo: undefined }]),
    );
  }

  /** How slices are judged, by the ordinal of those SLOs whose budgets count them. */
  timeSlices(): ReadonlyMap<number, TimeSlices> {
    this.#timeSlices ??= new Map(
      [...this.#current].flatMap(([id, { text }]) => {
        const { budgeting } = JSON.parse(text) as Slo;
        return budgeting.method === 'time-slices' ? [[this.#ordinals.get(id)!, budgeting] as const] : [];
      }),
    );
    return this.#timeSlices;
  }

  /** Since when SLOs are measured as now, of those that were once measured otherwise. */
  definedSince(): ReadonlyMap<SloId, EpochSeconds> {
    return (this.#definedSince ??= this.definedSinceAsOf(Infinity));
  }

  /** The same as it was just before a moment: later epochs were not known then. */
  definedSinceAsOf(moment: EpochSeconds): ReadonlyMap<SloId, EpochSeconds> {
    return new Map(
      this.#declared(ofSeveralEpochs).flatMap(({ id, epochs: all }) => {
        const epochs = all.filter(({ since }, index) => index === 0 || since < moment);
        const last = epochs.findLastIndex(({ slo }, index) => index > 0 && !sameMeasure(epochs[index - 1]!.slo, slo));
        return last < 0 ? [] : [[id, epochs[last]!.since] as const];
      }),
    );
  }

  /**
   * Numbers new SLOs and begins an epoch for each whose meaning has changed. One transaction; none when nothing is new.
   *
   * @param onRejudged called within the transaction with those older SLOs whose slices are judged differently now
   */
  declare(slos: readonly Slo[], at: EpochSeconds, onRejudged: (slos: readonly number[]) => void): void {
    const changed = slos.flatMap((slo) => {
      const id = sloId(slo);
      const known = this.#current.get(id);
      if (known?.slo === slo) return [];
      const text = canonical(known === undefined ? slo : knowing(slo, JSON.parse(known.text) as Slo));
      if (known?.text === text) {
        this.#current.set(id, { text, slo });
        return [];
      }
      return [{ id, slo, text, before: known?.text }];
    });
    if (changed.length === 0) return;
    const known = this.size;
    try {
      this.#database.write(() => {
        for (const { id, text, before } of changed) this.#write(id, text, before, at);
        const before = this.timeSlices();
        for (const { id, slo, text } of changed) this.#current.set(id, { text, slo });
        this.#timeSlices = undefined;
        const rejudged = [...this.timeSlices()].filter(
          ([slo, budgeting]) => slo < known && !sameSlices(before.get(slo), budgeting),
        );
        if (rejudged.length > 0) onRejudged(rejudged.map(([slo]) => slo));
      });
    } catch (error) {
      this.#epochs = -1;
      this.refresh();
      throw error;
    }
    this.#epochs = this.#database.number('SELECT count(*) FROM epoch')!;
    this.#definedSince = undefined;
  }

  /** All SLOs by ordinal, with their epochs. */
  all(): readonly DeclaredSlo[] {
    return this.#declared();
  }

  #declared(where = ''): readonly DeclaredSlo[] {
    const ids = new Map([...this.#ordinals].map(([id, ordinal]) => [ordinal, id]));
    const declared: (DeclaredSlo & { readonly epochs: SloEpoch[] })[] = [];
    const epochs = this.#database.rows(`SELECT slo, since, definition FROM epoch ${where} ORDER BY slo, since`);
    for (const [ordinal, since, text] of epochs as [number, number, string][]) {
      if (declared.at(-1)?.ordinal !== ordinal) declared.push({ id: ids.get(ordinal)!, ordinal, epochs: [] });
      declared.at(-1)!.epochs.push({ since, slo: restored(JSON.parse(text) as Slo) });
    }
    return declared;
  }

  #write(id: SloId, text: string, before: string | undefined, at: EpochSeconds): void {
    let ordinal = this.#ordinals.get(id);
    if (ordinal === undefined) {
      ordinal = this.#ordinals.size;
      this.#database.run('INSERT INTO slo VALUES (?, ?)', ordinal, id);
      this.#ordinals.set(id, ordinal);
    }
    if (before !== undefined && sameMeaning(JSON.parse(before) as Slo, JSON.parse(text) as Slo)) {
      const latest = 'since = (SELECT max(since) FROM epoch WHERE slo = ?2)';
      this.#database.run(`UPDATE epoch SET definition = ?1 WHERE slo = ?2 AND ${latest}`, text, ordinal);
    } else {
      // A clock that was set back must not hide the new meaning behind the old one.
      const since = Math.max(at, this.#database.number('SELECT max(since) FROM epoch WHERE slo = ?', ordinal) ?? at);
      this.#database.run('INSERT OR REPLACE INTO epoch VALUES (?, ?, ?)', ordinal, since, text);
    }
  }
}

function sameSlices(a: TimeSlices | undefined, b: TimeSlices): boolean {
  return a?.sliceSeconds === b.sliceSeconds && a.sliceObjective === b.sliceObjective;
}

/** JSON that is the same whatever the order of keys. */
function canonical(content: unknown): string {
  return JSON.stringify(content, (_key, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

/** A service that nobody has met yet is still in the mesh that it was in before. */
function knowing(slo: Slo, before: Slo): Slo {
  return slo.mesh === undefined ? { ...slo, mesh: before.mesh } : slo;
}

/** Whether slots count the same thing. A mesh that only now becomes known (before, or at all) is no other one. */
function sameMeasure(before: Slo, now: Slo): boolean {
  const measure = ({ indicator, perspective, filter }: Slo): string => canonical([indicator, perspective, filter]);
  return (before.mesh === undefined || before.mesh === now.mesh) && measure(before) === measure(now);
}

/** Whether the same is promised of the same thing; owners and tiers come and go. */
function sameMeaning(before: Slo, now: Slo): boolean {
  const promise = ({ objective, window, budgeting }: Slo): string => canonical([objective, window, budgeting]);
  return sameMeasure(before, now) && promise(before) === promise(now);
}

/** JSON has no `undefined`, and older ledgers have neither meshes nor alerts. */
function restored(slo: Omit<Slo, Later> & Partial<Pick<Slo, Later>>): Slo {
  return { ...slo, owner: slo.owner, mesh: slo.mesh, alerts: slo.alerts ?? usualAlerts };
}

type Later = 'owner' | 'mesh' | 'alerts';
