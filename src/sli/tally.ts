import type { TimeRange } from '../domain/window.js';
import type { View } from '../domain/series-meaning.js';
import { type ServiceId, serviceKey } from '../domain/service-id.js';
import type { BadBreakdown, ServicePaths, ServiceSignals, SloEvents, UnplacedEvents } from '../domain/slot-batch.js';
import type { OpenEvents } from '../domain/open-minute.js';
import type { SloDirectory } from '../domain/source.js';
import type { SloId } from '../domain/slo.js';
import { type BreakdownCell, emptySignals, type GapCell, type SignalCell, type SloCell } from './cells.js';
import { mergeBreakdown } from './breakdown.js';
import type { CellStore, Share } from './request-group.js';
import { RequestPaths } from './request-paths.js';
import { serviceSignals } from './service-signals.js';
import { takeEvents } from './take-events.js';

/** What one slot holds of events, ready for a batch. */
export interface TallySlot {
  readonly events: readonly SloEvents[];
  readonly unplaced: readonly UnplacedEvents[];
  readonly breakdown: readonly BadBreakdown[];
  readonly signals: readonly ServiceSignals[];
  readonly paths: readonly ServicePaths[];
}

/** What one proxy says of its own load. */
export interface ProxyLoad {
  readonly memoryBytes: number | undefined;
  readonly connections: number | undefined;
}

/**
 * The open slot: growth of counters comes in, events of SLOs go out when the slot is handed out.
 *
 * Which SLOs there are is asked of the directory; {@link version} tells a router that its answers are old.
 */
export class Tally implements CellStore {
  readonly directory: SloDirectory;
  readonly paths: RequestPaths;
  /** One cell for each SLO that was ever looked up: routers keep them, whatever becomes of the SLO. */
  readonly #slos = new Map<SloId, SloCell>();
  readonly #signals = new Map<string, { server?: SignalCell; client?: SignalCell }>();
  readonly #touched = new Set<SloCell>();
  readonly #touchedBreakdown = new Set<BreakdownCell>();
  readonly #gaps = new Map<string, GapCell>();

  constructor(directory: SloDirectory) {
    this.directory = directory;
    this.paths = new RequestPaths(directory);
  }

  /** The directory's version that new lookups are made with. */
  get version(): number {
    return this.directory.version;
  }

  sloCell(slo: SloId): SloCell {
    let cell = this.#slos.get(slo);
    if (!cell) {
      cell = { slo, total: 0, bad: 0, attempts: 0, successes: 0 };
      this.#slos.set(slo, cell);
    }
    return cell;
  }

  /** Charts know two sides of a service: its own proxies, and its clients' where it has none. */
  signalCell({ service, perspective }: Pick<View, 'service' | 'perspective'>): SignalCell | undefined {
    if (perspective !== 'server' && perspective !== 'client') return undefined;
    const key = serviceKey(service);
    let sides = this.#signals.get(key);
    if (!sides) this.#signals.set(key, (sides = {}));
    return (sides[perspective] ??= emptySignals(service));
  }

  /** Adds events to one SLO; those of a gap are kept apart, with the gap they fell into. */
  add(share: Share, total: number, bad: number, gap: TimeRange | undefined): void {
    if (bad !== 0) {
      share.breakdown.bad += bad;
      this.#touchedBreakdown.add(share.breakdown);
    }
    const cell: { total: number; bad: number } = gap ? this.#gapCell(share.slo, gap) : share.slo;
    cell.total += total;
    cell.bad += bad;
    if (!gap) this.#touched.add(share.slo);
  }

  /** Notes one scrape that was due, for every SLO that the proxy carries, and whether it told of that SLO. */
  attempted(carried: Iterable<SloCell>, succeeded: (cell: SloCell) => boolean): void {
    for (const cell of carried) {
      cell.attempts += 1;
      if (succeeded(cell)) cell.successes += 1;
      this.#touched.add(cell);
    }
  }

  /** Adds one proxy's load to its service's; services whose requests nobody has seen are left out. */
  saturated(service: ServiceId, { memoryBytes, connections }: ProxyLoad): void {
    const cell = this.#signals.get(serviceKey(service))?.server;
    if (!cell) return;
    cell.proxies += 1;
    if (memoryBytes !== undefined) cell.memoryBytes = (cell.memoryBytes ?? 0) + memoryBytes;
    if (connections !== undefined) cell.connections = (cell.connections ?? 0) + connections;
  }

  /** What the open slot holds so far of the SLOs that have failures in it; nothing is taken. */
  failing(): readonly OpenEvents[] {
    return [...this.#touched]
      .filter((cell) => cell.bad > 0 && this.directory.has(cell.slo))
      .map((cell) => ({ slo: cell.slo, ...takeEvents({ ...cell }) }));
  }

  /** Hands out what was counted since the last call, of SLOs that there still are, and begins the next slot. */
  take(): TallySlot {
    const unplaced = this.#takeGaps();
    const events = [...this.#touched].flatMap((cell) => {
      const coverage = cell.attempts === 0 ? 0 : cell.successes / cell.attempts;
      cell.attempts = cell.successes = 0;
      const taken = takeEvents(cell);
      return this.directory.has(cell.slo) ? [{ slo: cell.slo, ...taken, coverage }] : [];
    });
    this.#touched.clear();
    // A remainder waits in its cell for the events that it belongs to.
    const breakdown = mergeBreakdown(this.#touchedBreakdown, events, unplaced);
    return { events, unplaced, breakdown, signals: this.#takeSignals(), paths: this.paths.take() };
  }

  #takeGaps(): readonly UnplacedEvents[] {
    const unplaced = [...this.#gaps.values()].flatMap((gap) => {
      const { total, bad } = takeEvents(gap);
      // What does not add up within the gap (a count that was printed broken) is left to the slots.
      gap.slo.total += gap.total;
      gap.slo.bad += gap.bad;
      if (gap.total !== 0 || gap.bad !== 0) this.#touched.add(gap.slo);
      const { slo } = gap.slo;
      return total > 0 && this.directory.has(slo) ? [{ slo, from: gap.from, to: gap.to, total, bad }] : [];
    });
    this.#gaps.clear();
    return unplaced;
  }

  #takeSignals(): readonly ServiceSignals[] {
    return [...this.#signals.values()].flatMap(({ server, client }) => {
      const signals = serviceSignals(server ?? client!);
      if (server && client) serviceSignals(client);
      return signals ? [signals] : [];
    });
  }

  #gapCell(slo: SloCell, { from, to }: TimeRange): GapCell {
    const key = `${slo.slo} ${from} ${to}`;
    let cell = this.#gaps.get(key);
    if (!cell) this.#gaps.set(key, (cell = { slo, from, to, total: 0, bad: 0 }));
    return cell;
  }
}
