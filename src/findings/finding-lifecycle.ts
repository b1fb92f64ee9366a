import type { EpochSeconds } from '../domain/clock.js';
import { type Finding, findingKey } from '../domain/finding.js';
import type { Look } from '../domain/finding-source.js';
import type { StoredFinding } from '../ledger/finding-store.js';
import { clippedFinding } from './clipped-finding.js';

/** A finding that comes back within this time has not ended: somebody's look had missed it. */
const backWithinSeconds = 600;

/** What is told at every look is written so seldom while nothing begins and nothing ends. */
const writtenEverySeconds = 300;

/** Findings of one look; names in them come from the network. */
export const mostPerLook = 10_000;

/** What one look has changed. */
export interface Changes {
  /** To be written: what began, what ended, and what was not written for long. */
  readonly stored: readonly StoredFinding[];
  readonly began: number;
  readonly ended: number;
  /** Findings that there was no room for. */
  readonly leftOut: number;
}

interface Tracked {
  stored: StoredFinding;
  /** When it was last handed out to be written. */
  writtenAt: EpochSeconds;
}

/** Which findings go on: several looks of several sources at the same trouble are one finding. No clock, no disk. */
export class FindingLifecycle {
  readonly #newId: () => string;
  readonly #ongoing = new Map<string, Tracked>();
  readonly #ended = new Map<string, StoredFinding>();

  /**
   * @param ongoing what went on when somebody last looked
   * @param ended what has ended lately
   */
  constructor(ongoing: readonly StoredFinding[], ended: readonly StoredFinding[], newId: () => string) {
    this.#newId = newId;
    for (const stored of ongoing) {
      this.#ongoing.set(findingKey(stored.finding), { stored, writtenAt: stored.finding.lastSeen });
    }
    for (const stored of ended) this.#ended.set(findingKey(stored.finding), stored);
  }

  /** Oldest first. */
  get ongoing(): readonly StoredFinding[] {
    return [...this.#ongoing.values()].map(({ stored }) => stored).sort(byAge);
  }

  /** Takes one look of a source. */
  take(source: string, { findings, judged, unseen = () => false }: Look, now: EpochSeconds): Changes {
    const found = new Map(findings.slice(0, mostPerLook).map((finding) => [findingKey(finding), finding]));
    const stored: StoredFinding[] = [];
    let began = 0;
    for (const [key, finding] of found) {
      const tracked = this.#ongoing.get(key);
      if (!tracked) {
        stored.push(this.#begin(key, source, clippedFinding(finding), now));
        began += 1;
      } else if (this.#goOn(tracked, source, clippedFinding(finding), now)) stored.push(tracked.stored);
    }
    const leftOut = Math.max(0, findings.length - mostPerLook);
    // What there is no room for is seen all the same: if it went on before, it has not ended.
    const seen = leftOut === 0 ? found : new Set(findings.map(findingKey));
    const over = this.#end(
      source,
      now,
      (key, finding) => judged.includes(finding.kind) && !seen.has(key) && !unseen(finding),
    );
    return { stored: [...stored, ...over.stored], began, ended: over.ended, leftOut };
  }

  /** A source is no more: what only it has seen is over. */
  retire(source: string, now: EpochSeconds): Changes {
    return { ...this.#end(source, now, () => true), began: 0, leftOut: 0 };
  }

  /** What goes on and is not as it was written last; for the end of the process. */
  unwritten(): readonly StoredFinding[] {
    return [...this.#ongoing.values()].flatMap(({ stored, writtenAt }) =>
      stored.finding.lastSeen > writtenAt ? [stored] : [],
    );
  }

  #begin(key: string, source: string, finding: Finding, now: EpochSeconds): StoredFinding {
    const before = this.#ended.get(key);
    this.#ended.delete(key);
    const { resolvedAt, id, firstSeen } = before?.finding ?? { resolvedAt: -Infinity, id: '', firstSeen: now };
    const isBack = now - resolvedAt! <= backWithinSeconds;
    const identity = isBack ? { id, firstSeen } : { id: this.#newId(), firstSeen: now };
    const stored = { finding: { ...finding, ...identity, lastSeen: now, resolvedAt: undefined }, sources: [source] };
    this.#ongoing.set(key, { stored, writtenAt: now });
    return stored;
  }

  /** Whether it is time to write it. */
  #goOn(tracked: Tracked, source: string, finding: Finding, now: EpochSeconds): boolean {
    const { sources, finding: before } = tracked.stored;
    const isNewSource = !sources.includes(source);
    const { id, firstSeen, resolvedAt } = before;
    tracked.stored = {
      finding: { ...finding, id, firstSeen, resolvedAt, lastSeen: now },
      sources: isNewSource ? [...sources, source].sort() : sources,
    };
    const isDue = isNewSource || finding.owner !== before.owner || now - tracked.writtenAt >= writtenEverySeconds;
    if (isDue) tracked.writtenAt = now;
    return isDue;
  }

  #end(source: string, now: EpochSeconds, isOver: (key: string, finding: Finding) => boolean) {
    const stored: StoredFinding[] = [];
    let ended = 0;
    for (const [key, tracked] of this.#ongoing) {
      const { sources, finding } = tracked.stored;
      if (!sources.includes(source) || !isOver(key, finding)) continue;
      const others = sources.filter((one) => one !== source);
      if (others.length > 0) tracked.stored = { finding, sources: others };
      else {
        tracked.stored = { finding: { ...finding, resolvedAt: Math.max(now, finding.firstSeen) }, sources };
        this.#ongoing.delete(key);
        this.#ended.set(key, tracked.stored);
        ended += 1;
      }
      stored.push(tracked.stored);
    }
    for (const [key, { finding }] of this.#ended) {
      if (now - finding.resolvedAt! > backWithinSeconds) this.#ended.delete(key);
    }
    return { stored, ended };
  }
}

function byAge({ finding: a }: StoredFinding, { finding: b }: StoredFinding): number {
  return a.firstSeen - b.firstSeen || (a.id < b.id ? -1 : 1);
}
