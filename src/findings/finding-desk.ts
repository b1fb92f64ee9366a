import { randomUUID } from 'node:crypto';
import type { Clock } from '../domain/clock.js';
import { type Failure, failureOf } from '../domain/failure.js';
import type { KeptFinding } from '../domain/finding.js';
import type { FindingBook } from '../domain/finding-book.js';
import type { FindingSource } from '../domain/finding-source.js';
import type { MeshEvent } from '../domain/mesh-event.js';
import { type ServiceId, serviceKey } from '../domain/service-id.js';
import type { TimeRange } from '../domain/window.js';
import type { EventStore } from '../ledger/event-store.js';
import type { FindingStore, StoredFinding } from '../ledger/finding-store.js';
import { type Changes, FindingLifecycle } from './finding-lifecycle.js';
import { type LookOutcome, SourceRunner, type SourceState } from './source-runner.js';

/** What has ended so lately may come back as the same. */
const recentSeconds = 600;

/** Events that wait for a full disk. */
const mostWaitingEvents = 10_000;

export interface FindingDeskParts {
  readonly findings: Pick<FindingStore, 'ongoing' | 'resolvedSince' | 'resolvedDuring' | 'get' | 'save'>;
  readonly events: Pick<EventStore, 'during' | 'add'>;
  readonly clock: Clock;
  /** Called after every look; `changed` where anything began or ended. */
  readonly onLook: (outcome: LookOutcome, changed: boolean) => void;
  readonly onBug: (error: unknown) => void;
}

/** How looking for trouble is. */
export interface FindingsState {
  readonly sources: readonly SourceState[];
  /** Findings that were left out of the last look of a source, because there were too many, by its name. */
  readonly leftOut: ReadonlyMap<string, number>;
  /** Why findings could not be written; undefined while they can. */
  readonly unsaved: Failure | undefined;
}

/**
 * Where everything that looks for trouble is run, and what it finds is kept.
 *
 * What cannot be written waits in memory, and is tried again at the next look.
 */
export class FindingDesk implements FindingBook {
  readonly #parts: FindingDeskParts;
  readonly #lifecycle: FindingLifecycle;
  readonly #unsaved = new Map<string, StoredFinding>();
  readonly #leftOut = new Map<string, number>();
  #unsavedEvents: readonly MeshEvent[] = [];
  #failure: Failure | undefined;
  #runners: readonly SourceRunner[] = [];

  /** @throws Failure `ledger-damaged` */
  constructor(parts: FindingDeskParts) {
    this.#parts = parts;
    const { findings, clock } = parts;
    const ended = findings.resolvedSince(clock.now() - recentSeconds);
    this.#lifecycle = new FindingLifecycle(findings.ongoing(), ended, newFindingId);
  }

  /** Lets these sources look from now on and no others; a source that stays the same object goes on as it was. */
  run(sources: readonly FindingSource[]): void {
    const { clock, onBug } = this.#parts;
    const kept = this.#runners.filter(({ source }) => sources.includes(source));
    const stopped = this.#runners.filter((runner) => !kept.includes(runner));
    for (const runner of stopped) runner.stop();
    const onLook = (outcome: LookOutcome): void => this.#looked(outcome);
    const fresh = sources
      .filter((source) => !kept.some((runner) => runner.source === source))
      .map((source) => new SourceRunner(source, { clock, onLook, onBug }));
    this.#runners = [...kept, ...fresh];
    this.#retireOthers(new Set(sources.map(({ name }) => name)));
    for (const runner of fresh) runner.start();
  }

  /** Ends all looks, and writes what was seen last. */
  stop(): void {
    for (const runner of this.#runners) runner.stop();
    this.#runners = [];
    for (const stored of this.#lifecycle.unwritten()) this.#unsaved.set(stored.finding.id, stored);
    this.#save();
  }

  ongoing(): readonly KeptFinding[] {
    return this.#lifecycle.ongoing.map(({ finding }) => finding);
  }

  during(range: TimeRange): readonly KeptFinding[] {
    const waiting = [...this.#unsaved.values()].map(({ finding }) => finding);
    const now = this.ongoing();
    const all = new Map(
      [...this.#parts.findings.resolvedDuring(range), ...waiting, ...now].map((finding) => [finding.id, finding]),
    );
    return [...all.values()]
      .filter(({ firstSeen, resolvedAt = Infinity }) => firstSeen < range.to && resolvedAt > range.from)
      .sort((a, b) => a.firstSeen - b.firstSeen || (a.id < b.id ? -1 : 1));
  }

  events(range: TimeRange, service?: ServiceId): readonly MeshEvent[] {
    const waiting = this.#unsavedEvents.filter(
      (event) =>
        event.at >= range.from &&
        event.at < range.to &&
        (!service || !event.service || serviceKey(event.service) === serviceKey(service)),
    );
    return [...this.#parts.events.during(range, service), ...waiting].sort((a, b) => a.at - b.at);
  }

  /** One finding, of now or of the past; undefined where there is none of this id. */
  get(id: string): KeptFinding | undefined {
    const now = this.ongoing().find((finding) => finding.id === id);
    return now ?? this.#unsaved.get(id)?.finding ?? this.#parts.findings.get(id);
  }

  get state(): FindingsState {
    return {
      sources: this.#runners.map(({ state }) => state),
      leftOut: this.#leftOut,
      unsaved: this.#failure,
    };
  }

  #looked(outcome: LookOutcome): void {
    const { clock, onLook } = this.#parts;
    const { source, look } = outcome;
    if (!look) {
      onLook(outcome, false);
      return;
    }
    const changes = this.#lifecycle.take(source, look, clock.now());
    if (changes.leftOut > 0) this.#leftOut.set(source, changes.leftOut);
    else this.#leftOut.delete(source);
    this.#unsavedEvents = [...this.#unsavedEvents, ...look.events].slice(-mostWaitingEvents);
    this.#keep(changes);
    onLook(outcome, changes.began + changes.ended > 0 || look.events.length > 0);
  }

  #retireOthers(names: ReadonlySet<string>): void {
    const gone = new Set(this.#lifecycle.ongoing.flatMap(({ sources }) => sources).filter((name) => !names.has(name)));
    for (const name of gone) {
      this.#keep(this.#lifecycle.retire(name, this.#parts.clock.now()));
      this.#leftOut.delete(name);
    }
  }

  #keep({ stored }: Changes): void {
    for (const one of stored) this.#unsaved.set(one.finding.id, one);
    this.#save();
  }

  #save(): void {
    const { findings, events } = this.#parts;
    try {
      findings.save([...this.#unsaved.values()]);
      this.#unsaved.clear();
      events.add(this.#unsavedEvents);
      this.#unsavedEvents = [];
      this.#failure = undefined;
    } catch (error) {
      this.#failure = failureOf(error);
    }
  }
}

/** Short enough for an address that people hand on. */
function newFindingId(): string {
  return randomUUID().replaceAll('-', '').slice(0, 16);
}
