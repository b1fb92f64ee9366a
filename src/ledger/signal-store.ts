import type { EpochSeconds } from '../domain/clock.js';
import { parseServiceKey, type ServiceId, serviceKey } from '../domain/service-id.js';
import type { ServiceSignals, SlotSeconds } from '../domain/slot-batch.js';
import type { TimeRange } from '../domain/window.js';
import { BoundsTable } from './bounds-table.js';
import type { Database } from './database.js';
import { hourOfMoment } from './hour.js';
import { NumberTable } from './number-table.js';
import { Packer, Unpacker } from './packed-bytes.js';
import { packCells, packSignals, unpackCells, unpackSignals } from './signal-cells.js';
import { type SignalCell, type Signals, widened } from './signals.js';

/** The golden signals of one service in one step of time; undefined where nothing is known. */
export interface SignalPoint {
  readonly at: EpochSeconds;
  /** Time within the step of which something is known; what is counted came in that time. */
  readonly seconds: number;
  readonly signals: Signals | undefined;
}

/** Requests of all services in one slot. */
export interface SlotTraffic {
  readonly at: EpochSeconds;
  readonly seconds: number;
  readonly traffic: readonly { readonly service: ServiceId; readonly requests: number }[];
}

const packer = new Packer();

/**
 * Golden signals of services, for charts, never for budgets.
 *
 * The open hour is kept as it came, a row per slot; a closed one is kept a row per service, so that one service's chart does
 * not read everybody's.
 */
export class SignalStore {
  readonly #database: Database;
  readonly #services: NumberTable;
  readonly #bounds: BoundsTable;
  /** The hour that is being closed, and the number of the service to go on with. */
  #closing: { readonly hour: EpochSeconds; readonly next: number } | undefined;

  constructor(database: Database) {
    this.#database = database;
    this.#services = new NumberTable(database, 'service');
    this.#bounds = new BoundsTable(database);
  }

  /** Keeps one slot of all services; more than one for the same moment is one too many. */
  add(at: EpochSeconds, seconds: SlotSeconds, services: readonly ServiceSignals[]): void {
    if (services.length === 0) return;
    packer.varint(services.length);
    for (const { service, ...signals } of services) {
      packer.varint(this.#services.numberOf(serviceKey(service)));
      const place = packer.reserveLength();
      packSignals(packer, signals, this.#bounds);
      packer.fillLength(place);
    }
    this.#database.run('INSERT OR REPLACE INTO signal VALUES (?, ?, ?)', at, seconds, packer.seal());
  }

  /** A point for every step that begins in the range or holds its start. */
  read(service: ServiceId, range: TimeRange, stepSeconds: number): readonly SignalPoint[] {
    const number = this.#services.find(serviceKey(service));
    const cells = number === undefined ? [] : [...this.#hoursOf(number, range), ...this.#slotsOf(number, range)];
    const steps = new Map(widened(distinct(cells), stepSeconds).map((cell) => [cell.at, cell]));
    const first = Math.floor(range.from / stepSeconds);
    return Array.from({ length: Math.max(0, Math.ceil(range.to / stepSeconds) - first) }, (_, step) => {
      const at = (first + step) * stepSeconds;
      const cell = steps.get(at);
      return { at, seconds: cell?.knownSeconds ?? 0, signals: cell?.signals };
    });
  }

  /** Requests of every service, slot by slot, oldest first. */
  traffic(range: TimeRange): readonly SlotTraffic[] {
    const slots = new Map<EpochSeconds, { seconds: number; readonly requests: Map<number, number> }>();
    const note = (number: number, { at, seconds, signals }: SignalCell): void => {
      let slot = slots.get(at);
      if (!slot) slots.set(at, (slot = { seconds, requests: new Map() }));
      slot.seconds = Math.max(slot.seconds, seconds);
      slot.requests.set(number, signals.requests);
    };
    for (const number of this.#services.numbers()) {
      for (const cell of this.#hoursOf(number, range)) note(number, cell);
    }
    for (const services of this.#slots(range).values()) for (const [number, cell] of services) note(number, cell);
    const serviceOf = new Map(this.#services.numbers().map((number) => [number, this.#serviceOf(number)]));
    return [...slots]
      .sort(([a], [b]) => a - b)
      .map(([at, { seconds, requests: ofSlot }]) => ({
        at,
        seconds,
        traffic: [...ofSlot].map(([number, requests]) => ({ service: serviceOf.get(number)!, requests })),
      }));
  }

  /**
   * Gives the oldest of the hours that ended by a moment the form that they are kept in, for some services at a time: no
   * commit is to take long. Half done it reads the same, and may be begun again.
   *
   * @returns whether there is more to do
   */
  closeBefore(hour: EpochSeconds, mostServices: number): boolean {
    const oldest = this.#database.number('SELECT min(start) FROM signal WHERE start < ?', hour);
    if (oldest === undefined) return false;
    const start = hourOfMoment(oldest);
    const range = { from: start, to: start + 3600 };
    const first = this.#closing?.hour === start ? this.#closing.next : 0;
    const next = first + mostServices;
    const cells = new Map<number, SignalCell[]>();
    for (const services of this.#slots(range, { from: first, to: next }).values()) {
      for (const [number, cell] of services) {
        const known = cells.get(number);
        if (known) known.push(cell);
        else cells.set(number, [cell]);
      }
    }
    for (const [number, added] of cells) this.#write(number, start, [...this.#hoursOf(number, range), ...added]);
    this.#closing = { hour: start, next };
    if (next <= this.#services.largest()) return true;
    this.#database.run('DELETE FROM signal WHERE start >= ? AND start < ?', range.from, range.to);
    this.#closing = undefined;
    return true;
  }

  /** Merges the cells of closed hours into wider ones. */
  coarsen(range: TimeRange, seconds: SlotSeconds): void {
    while (this.closeBefore(range.to, Infinity));
    for (const number of this.#services.numbers()) {
      const cells = this.#hoursOf(number, range);
      for (const [hour, ofHour] of byHour(widened(cells, seconds))) {
        this.#write(number, hour, ofHour);
      }
    }
  }

  /** Forgets the slots that begin in a range. */
  drop(range: TimeRange): void {
    this.#database.run('DELETE FROM signal WHERE start >= ? AND start < ?', range.from, range.to);
    const whole = { from: Math.floor(range.from / 3600) * 3600, to: Math.ceil(range.to / 3600) * 3600 };
    for (const number of this.#services.numbers()) {
      const kept = this.#hoursOf(number, whole).filter(({ at }) => at < range.from || at >= range.to);
      const sql = 'DELETE FROM signal_hour WHERE id >= ? AND id < ?';
      this.#database.run(sql, hourId(number, whole.from), hourId(number, whole.to));
      for (const [hour, cells] of byHour(kept)) this.#write(number, hour, cells);
    }
  }

  /** Forgets what a transaction that failed has left in memory. */
  reset(): void {
    this.#services.reset();
    this.#bounds.reset();
    this.#closing = undefined;
  }

  #write(number: number, hour: EpochSeconds, cells: readonly SignalCell[]): void {
    // A slot whose hour is half closed stands in both forms.
    const sorted = distinct(cells).sort((a, b) => a.at - b.at);
    packCells(packer, sorted, hour, this.#bounds);
    this.#database.run('INSERT OR REPLACE INTO signal_hour VALUES (?, ?)', hourId(number, hour), packer.seal());
  }

  /** One service's cells of closed hours. */
  #hoursOf(number: number, { from, to }: TimeRange): readonly SignalCell[] {
    const bounds = [hourId(number, hourOfMoment(from)), hourId(number, Math.ceil(to / 3600) * 3600)];
    return this.#database
      .rows('SELECT id, points FROM signal_hour WHERE id >= ? AND id < ?', ...bounds)
      .flatMap(([id, bytes]) => {
        const hour = ((id as number) % 2 ** 24) * 3600;
        return unpackCells(new Unpacker(bytes as Buffer, 'an hour of signals'), hour, this.#bounds);
      })
      .filter(({ at }) => at >= from && at < to);
  }

  /** One service's slots of the open hour. */
  #slotsOf(number: number, range: TimeRange): readonly SignalCell[] {
    const slots = this.#slots(range, { from: number, to: number + 1 });
    return [...slots.values()].flatMap((services) => services.get(number) ?? []);
  }

  /**
   * Slots of the open hour by their start, each with its services' cells.
   *
   * @param wanted only services with these numbers, the last excluded
   */
  #slots(
    { from, to }: TimeRange,
    wanted: Numbers = everyNumber,
  ): ReadonlyMap<EpochSeconds, ReadonlyMap<number, SignalCell>> {
    const sql = 'SELECT start, seconds, services FROM signal WHERE start >= ? AND start < ? ORDER BY start';
    return new Map(
      this.#database.rows(sql, from, to).map(([start, seconds, bytes]) => {
        const slot = { at: start as number, seconds: seconds as number };
        return [slot.at, this.#unpackSlot(slot, bytes as Buffer, wanted)];
      }),
    );
  }

  #unpackSlot(
    { at, seconds }: Pick<SignalCell, 'at' | 'seconds'>,
    bytes: Buffer,
    wanted: Numbers,
  ): ReadonlyMap<number, SignalCell> {
    const unpacker = new Unpacker(bytes, 'a slot of signals');
    const services = new Map<number, SignalCell>();
    for (let left = unpacker.varint(); left > 0; left--) {
      const number = unpacker.varint();
      const length = unpacker.reservedLength();
      if (number < wanted.from || number >= wanted.to) unpacker.skip(length);
      else services.set(number, { at, seconds, knownSeconds: seconds, signals: unpackSignals(unpacker, this.#bounds) });
    }
    return services;
  }

  #serviceOf(number: number): ServiceId {
    return parseServiceKey(this.#services.textOf(number))!;
  }
}

/** Numbers of services, from the first to the one before the last. */
interface Numbers {
  readonly from: number;
  readonly to: number;
}

const everyNumber: Numbers = { from: 0, to: Infinity };

/** The cells without those that stand there twice. */
function distinct(cells: readonly SignalCell[]): SignalCell[] {
  return [...new Map(cells.map((cell) => [cell.at, cell])).values()];
}

function byHour(cells: readonly SignalCell[]): ReadonlyMap<EpochSeconds, readonly SignalCell[]> {
  const hours = new Map<EpochSeconds, SignalCell[]>();
  for (const cell of cells) {
    const hour = hourOfMoment(cell.at);
    const known = hours.get(hour);
    if (known) known.push(cell);
    else hours.set(hour, [cell]);
  }
  return hours;
}

/** Key of a closed hour's row; the hours of one service stand side by side. */
function hourId(service: number, hour: EpochSeconds): number {
  return service * 2 ** 24 + hour / 3600;
}
