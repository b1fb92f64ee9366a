import { slo as availabilitySlo } from '../sli/directory.js';
import { burnRate, errorBudget, goodRatio, sloState } from '../../src/domain/budget.js';
import { burnWindows, judged, type JudgedSlo } from '../../src/domain/burn-verdict.js';
import { type Slo, sloId, usualAlerts } from '../../src/domain/slo.js';
import type { SloStatus } from '../../src/domain/slo-status.js';
import { burnWindowsSeconds } from '../../src/domain/slo-status.js';
import type { TimeRange } from '../../src/domain/window.js';
import { windowAt } from '../../src/domain/window.js';
import type { ServiceId } from '../../src/domain/service-id.js';
import type { BurnDown } from '../../src/ledger/burn-down.js';
import { loadAlertPolicies } from '../../src/packs/load-alert-policies.js';
import type { SeriesPoint } from '../../src/ledger/series.js';
import type { SignalPoint } from '../../src/ledger/signal-store.js';
import type { ScrapedTarget, ServiceTraffic, StatusReader, WatcherHealth } from '../../src/server/status-reader.js';

/** 2026-03-02 12:00 UTC, a Monday. */
export const noon = 1_772_452_800;

/** An SLO of 99.9 % over 30 days; what a test is about is given. */
export function slo(given: Partial<Slo> & { readonly serviceName?: string } = {}): Slo {
  const { serviceName, ...rest } = given;
  const service = { cluster: 'berlin', namespace: 'shop', name: serviceName ?? 'checkout' };
  return availabilitySlo({ service, owner: 'payments', ...rest });
}

interface Numbers {
  readonly slo?: Slo;
  readonly total: number;
  readonly bad: number;
  readonly coverage?: number;
  readonly unplaced?: number;
  readonly imported?: number;
  /** Events of the burn windows of 5 min, 30 min, 1 h, 6 h, 1 d, 3 d; none where it is not given. */
  readonly recent?: readonly (readonly [total: number, bad: number])[];
}

const policy = loadAlertPolicies().policies.get(usualAlerts.policy)!;

/** A window that only alerts look at has an even share of one that is given. */
const largerOf = new Map([
  [60, 300],
  [900, 1800],
  [1200, 1800],
  [10_800, 21_600],
  [43_200, 86_400],
]);

/** A status as the ledger would work it out from these numbers, and what the usual policy says of it. */
export function status({
  slo: of = slo(),
  total,
  bad,
  coverage = 1,
  unplaced = 0,
  imported = 0,
  recent,
}: Numbers): JudgedSlo {
  const { from, to } = windowAt(of.window, noon);
  const shown: readonly number[] = burnWindowsSeconds;
  const made: SloStatus = {
    id: sloId(of),
    slo: of,
    at: noon,
    state: sloState({ total, bad, coverage }, of.objective),
    window: { from, to, total, bad, coverage, unplaced, imported, goodRatio: goodRatio({ total, bad }) },
    budget: errorBudget({ total, bad }, of.objective),
    burnRates: burnWindows([policy]).map(({ seconds, withWorstMinute }) => {
      const larger = largerOf.get(seconds) ?? seconds;
      const given = recent?.[shown.indexOf(larger)];
      const share = (events: number): number => Math.round((events * seconds) / larger);
      const counts = { total: share(given?.[0] ?? 0), bad: share(given?.[1] ?? 0), coverage: given ? 1 : 0 };
      const worstMinuteBad = withWorstMinute ? Math.ceil((counts.bad * 60) / seconds) : undefined;
      return {
        windowSeconds: seconds,
        ...counts,
        burnRate: burnRate(counts, of.objective),
        unplacedBad: 0,
        worstMinuteBad,
      };
    }),
    observed: coverage > 0 ? { first: from, last: noon - 60 } : undefined,
    definedSince: undefined,
  };
  return judged(made, policy);
}

/** A steady burn: the same share of bad events in all windows, at some requests per second. */
export function steadily(requestsPerSecond: number, badRatio: number): readonly (readonly [number, number])[] {
  return burnWindowsSeconds.map((seconds) => {
    const total = Math.round(seconds * requestsPerSecond);
    return [total, Math.round(total * badRatio)] as const;
  });
}

/** A target that answers; what a test is about is given. */
export function target(given: Partial<ScrapedTarget> = {}): ScrapedTarget {
  return {
    id: 'istio 10.0.0.1:15090',
    job: 'istio',
    mesh: 'istio',
    url: 'http://10.0.0.1:15090/stats/prometheus',
    labels: {},
    services: [],
    up: true,
    lastScrapeAt: noon - 10,
    lastSuccessAt: noon - 10,
    durationSeconds: 0.02,
    wireBytes: 40_000,
    bodyBytes: 600_000,
    samples: 900,
    badLines: 0,
    duplicates: 0,
    unreadable: 0,
    unmeasured: [],
    refusedServices: 0,
    series: 900,
    failure: undefined,
    ...given,
  };
}

/** A read model that says what it was told to say. */
export class MadeUpReader implements StatusReader {
  #asked = 0;

  /** Tests change what is told at any moment. */
  get version(): number {
    return (this.#asked += 1);
  }

  current: readonly JudgedSlo[];
  seen: readonly ScrapedTarget[] = [];
  watcher: WatcherHealth = {
    startedAt: noon - 3600,
    lastSlot: { start: noon - 60, seconds: 60 },
    slotsWaiting: 0,
    failure: undefined,
    gaps: [],
    unseen: { processes: 0, seconds: 0 },
    lossesSince: noon - 3 * 86_400,
    places: [],
    refusedServices: 0,
    refusedConfiguration: undefined,
    alerting: {
      firing: { pages: 0, tickets: 0 },
      inhibited: 0,
      lastLookAt: noon,
      alertmanagers: [],
      failure: undefined,
      unsaved: undefined,
    },
    importedOrigins: [],
    notReady: [],
  };

  constructor(current: readonly JudgedSlo[] = []) {
    this.current = current;
  }

  statuses(): readonly JudgedSlo[] {
    return this.current;
  }

  /** A calm day with a bad last hour, and an hour in the middle that nobody observed. */
  series(ids: readonly string[], range: TimeRange, stepSeconds: number): ReadonlyMap<string, readonly SeriesPoint[]> {
    return new Map(ids.map((id) => [id, this.#points(range, stepSeconds)]));
  }

  #points(range: TimeRange, stepSeconds: number): readonly SeriesPoint[] {
    const points: SeriesPoint[] = [];
    for (let at = range.from; at < range.to; at += stepSeconds) {
      const wave = Math.round(stepSeconds * (20 + 8 * Math.sin(at / 7000)));
      const unseen = at >= noon - 13 * 3600 && at < noon - 12 * 3600;
      const bad = at >= noon - 3600 ? Math.round(wave * 0.02) : at % 1800 === 0 ? 3 : 0;
      points.push(
        unseen
          ? { at, seconds: stepSeconds, total: 0, bad: 0, coverage: undefined }
          : { at, seconds: stepSeconds, total: wave, bad, coverage: 1 },
      );
    }
    return points;
  }

  /** From a whole budget down to what is left now. */
  burnDown({ budget, window, observed }: SloStatus): BurnDown {
    const to = Math.floor(window.to / 3600) * 3600;
    const spent = budget?.spentRatio;
    return {
      from: to - 7 * 86_400,
      to,
      stepSeconds: 3600,
      remainingRatio: Array.from({ length: 169 }, (_, hour) =>
        spent === undefined ? undefined : 1 - (spent * hour) / 168,
      ),
      completeFrom: observed?.first,
      resets: [],
    };
  }

  /** Ten requests a second within milliseconds, two proxies; nobody looked for an hour, and nobody tells of connections. */
  signals(_service: ServiceId, range: TimeRange, stepSeconds: number): readonly SignalPoint[] {
    return this.#points(range, stepSeconds).map(({ at, total, bad, coverage }) => {
      const latency = { boundsSeconds: [0.01, 0.1, 1, Infinity], counts: [total / 2, total / 4, total / 4, 0] };
      const load = { memoryBytes: 80_000_000, connections: undefined, proxies: 2 };
      const signals = { requests: total, errors: bad, leftOut: Math.round(total / 100), latency, ...load };
      return { at, seconds: stepSeconds, signals: coverage === undefined ? undefined : signals };
    });
  }

  gaps(range: TimeRange): readonly TimeRange[] {
    const gap = { from: noon - 13 * 3600, to: noon - 12 * 3600 };
    return range.from < gap.to && range.to > gap.from ? [gap] : [];
  }

  importedUntil(): number | undefined {
    return this.watcher.importedOrigins.length > 0 ? noon - 86_400 : undefined;
  }

  breakdown(_id: string, range: TimeRange): ReturnType<StatusReader['breakdown']> {
    const facts = { caller: 'frontend', callerCluster: 'berlin', version: 'v2', method: '', flags: 'URX', code: '503' };
    return {
      range,
      rows: [
        { facts, bad: 812 },
        { facts: { ...facts, caller: 'mobile-gateway', flags: '-', code: '500' }, bad: 204 },
        { facts: { ...facts, caller: '', flags: 'UF,URX', code: 'grpc 14', version: 'v1' }, bad: 31 },
      ],
      other: 7,
    };
  }

  traffic(): readonly ServiceTraffic[] {
    // In the tenth step nobody looked, in the third for two minutes of five.
    const observedSeconds = Array.from({ length: 36 }, (_, index) => (index === 9 ? 0 : index === 2 ? 120 : 300));
    return this.current.map(({ slo: { service } }) => ({
      service,
      from: noon - 36 * 300,
      stepSeconds: 300,
      requests: observedSeconds.map((seconds, index) =>
        seconds === 0 ? undefined : Math.round(seconds * (20 + 6 * Math.sin(index / 3 + service.name.length))),
      ),
      observedSeconds,
    }));
  }

  targets(): readonly ScrapedTarget[] {
    return this.seen;
  }

  health(): WatcherHealth {
    return this.watcher;
  }
}
