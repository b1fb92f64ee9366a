import type { Urgency } from '../../src/domain/urgency.js';
import type { AlertView } from '../../src/server/api-types/alert.js';
import type { FindingView } from '../../src/server/api-types/finding.js';
import type { MigrationView } from '../../src/server/api-types/migration.js';
import type { ServiceDetail, ServiceSloView, StepView } from '../../src/server/api-types/service-detail.js';
import type { ServiceView } from '../../src/server/api-types/service.js';
import type { TargetView } from '../../src/server/api-types/target.js';
import type { WatcherView } from '../../src/server/api-types/watcher.js';

/** 2026-03-02 12:00 UTC, a Monday. */
export const noon = 1_772_452_800;

/** A row of the list; what a test is about is given. */
export function service(given: Partial<ServiceView> = {}): ServiceView {
  const urgency = given.urgency ?? 'healthy';
  return {
    cluster: 'berlin',
    namespace: 'shop',
    service: 'cart',
    owner: 'team-shop',
    tier: 'standard',
    urgency,
    slos: 3,
    worst: worst(urgency),
    alerts: { pages: 0, tickets: 0 },
    coverage: 1,
    traffic: Array.from({ length: 36 }, (_, index) => Math.round(200 + 60 * Math.sin(index / 5)) / 10),
    ...given,
  };
}

function worst(urgency: Urgency): ServiceView['worst'] {
  const remaining: Readonly<Record<Urgency, number | null>> = {
    burning: 0.476,
    missed: -0.707,
    'at-risk': 0.039,
    insufficient: 0.9,
    'no-data': null,
    'no-traffic': null,
    healthy: 0.93,
  };
  const burnRate = urgency === 'burning' ? 48 : urgency === 'at-risk' ? 1.4 : 0.3;
  const isKnown = urgency !== 'no-data' && urgency !== 'no-traffic';
  return {
    slo: 'availability',
    perspective: 'server',
    objective: 0.999,
    state: urgency === 'burning' || urgency === 'at-risk' || urgency === 'healthy' ? 'met' : urgency,
    remainingRatio: remaining[urgency],
    pace: isKnown
      ? { windowSeconds: 3600, burnRate, exhaustedInSeconds: urgency === 'burning' ? 25_200 : 50 * 86_400 }
      : null,
    imported: false,
  };
}

/** A page that fires since twelve minutes before noon; what a test is about is given. */
export function alert(given: Partial<AlertView> = {}): AlertView {
  return {
    id: 'e1',
    name: 'ErrorBudgetBurnFast',
    severity: 'page',
    labels: {
      cluster: 'berlin',
      namespace: 'shop',
      service: 'recommendations',
      slo: 'availability',
      owner: 'team-shop',
    },
    cluster: 'berlin',
    namespace: 'shop',
    service: 'recommendations',
    slo: 'availability',
    owner: 'team-shop',
    summary: 'spends its budget 48 times as fast as allowed: 4.8 % of requests fail, and all of it is gone in 7 hours.',
    description: '6,912 of 144,000 requests failed in the last hour, 612 of 12,000 in the last 5 minutes.',
    action: 'Look at what changed in the last half hour, and roll it back first. Then look who is hit.',
    runbookUrl: 'https://runbooks.example/ErrorBudgetBurnFast',
    dashboardUrl: null,
    pageUrl: null,
    startedSeconds: noon - 720,
    endedSeconds: null,
    inhibited: false,
    acknowledged: null,
    noise: null,
    ...given,
  };
}

/** How a watcher is that sees everything. */
export function watcher(given: Partial<WatcherView> = {}): WatcherView {
  return {
    version: '1.2.3',
    startedSeconds: noon - 86_400,
    uptimeSeconds: 86_400,
    countedUntilSeconds: noon,
    lagSeconds: 12,
    slotsWaiting: 0,
    failure: null,
    targets: { up: 31, down: 0, unknown: 0 },
    places: [],
    refusedServices: 0,
    targetsOverServiceLimit: 0,
    refusedConfiguration: null,
    lossesSinceSeconds: noon - 3 * 86_400,
    gaps: [],
    unseen: { processes: 0, seconds: 0 },
    importedOrigins: [],
    alerting: {
      pages: 0,
      tickets: 0,
      inhibited: 0,
      lastLookSeconds: noon,
      error: null,
      unsaved: 0,
      alertmanagers: [],
    },
    findings: { critical: 0, warning: 0, info: 0 },
    identity: null,
    ...given,
  };
}

/** A service that is not yet where it is wanted. */
export function migrating(given: Partial<MigrationView> = {}): MigrationView {
  return {
    id: 'berlin/shop/recommendations',
    cluster: 'berlin',
    namespace: 'shop',
    service: 'recommendations',
    owner: 'team-shop',
    mesh: 'istio',
    wanted: 'mtls',
    actual: 'egress',
    seen: 'ingress',
    requests: { received: 120_000, authenticated: 119_000, plain: 1_000, sent: 0 },
    instances: 3,
    meshed: 3,
    isThere: false,
    ...given,
  };
}

/** An instance that is registered and gone. */
export function finding(given: Partial<FindingView> = {}): FindingView {
  return {
    id: 'f1',
    kind: 'ZombieRegistration',
    severity: 'critical',
    subject: { cluster: 'berlin', namespace: 'shop', service: 'recommendations', instance: 'recommendations-7d9f' },
    owner: 'team-shop',
    summary: 'recommendations-7d9f is registered at 10.1.2.3, and no pod has had this address for 5 minutes',
    evidence: { address: '10.1.2.3', 'registered in': 'consul dc1', checks: 'passing' },
    action: 'deregister it, and find out why its agent did not',
    sinceSeconds: noon - 1200,
    firstSeenSeconds: noon - 900,
    lastSeenSeconds: noon,
    resolvedSeconds: null,
    ...given,
  };
}

const step = (given: Partial<StepView>): StepView => ({
  name: 'fast',
  severity: 'page',
  budgetShare: 0.02,
  factor: 14.4,
  longSeconds: 3600,
  shortSeconds: 300,
  longBurnRate: 48,
  shortBurnRate: 51,
  isEvidence: true,
  isActive: true,
  isReachable: true,
  action: 'Look at what changed last.',
  ...given,
});

/** A service that burns since twelve minutes, seen for all but a quarter of one of the last three hours. */
export function burningDetail(fromSeconds = noon - 10_800, toSeconds = noon): ServiceDetail {
  const stepSeconds = 60 * Math.ceil((toSeconds - fromSeconds) / 60 / 360);
  const count = Math.floor((toSeconds - fromSeconds) / stepSeconds);
  const over = (value: (at: number) => number | null) =>
    Array.from({ length: count }, (_, index) => {
      const at = fromSeconds + index * stepSeconds;
      return at >= noon - 2 * 3600 && at < noon - 1.75 * 3600 ? null : value(at);
    });
  const burns = (at: number) => at >= noon - 720;
  const rate = (at: number) => 40 + 6 * Math.sin(at / 4000) + 1.5 * Math.sin(at / 97);
  const slow = (at: number) => 1 + 0.1 * Math.sin(at / 900) + (burns(at) ? 1.8 : 0);
  const range = { fromSeconds, toSeconds, stepSeconds };
  const slo = (given: Partial<ServiceSloView>): ServiceSloView =>
    sloOfRecommendations(given, over, rate, burns, stepSeconds);
  return {
    id: 'berlin/shop/recommendations',
    cluster: 'berlin',
    namespace: 'shop',
    service: 'recommendations',
    mesh: 'istio',
    owner: 'team-shop',
    tier: 'standard',
    urgency: 'burning',
    range,
    slos: [
      slo({}),
      slo({
        id: 'berlin/shop/recommendations/latency',
        slo: 'latency',
        indicator: { kind: 'latency', thresholdSeconds: 1 },
        objective: 0.99,
        urgency: 'at-risk',
        budget: { allowedEvents: 1_036_800, spentRatio: 0.086, remainingRatio: 0.914 },
        steps: [step({ longBurnRate: 4.1, isActive: false })],
      }),
      slo({
        id: 'berlin/shop/recommendations/mesh',
        slo: 'mesh',
        perspective: 'mesh-failures',
        urgency: 'healthy',
        objective: 0.9999,
        budget: { allowedEvents: 10_368, spentRatio: 0.12, remainingRatio: 0.88 },
        burnRates: [{ windowSeconds: 3600, total: 144_000, bad: 3, coverage: 1, burnRate: 0.2 }],
        steps: [step({ longBurnRate: 0.2, shortBurnRate: 0, isActive: false, isEvidence: false })],
      }),
    ],
    signals: {
      requestsPerSecond: over(rate),
      errorRatio: over((at) => (burns(at) ? 0.048 : 0.0004)),
      leftOutRatio: over(() => 0.002),
      latency: {
        p50Seconds: over((at) => 0.042 * slow(at)),
        p90Seconds: over((at) => 0.11 * slow(at)),
        p99Seconds: over((at) => 0.31 * slow(at)),
        highestBoundSeconds: 10,
      },
      memoryBytes: over((at) => 118e6 + 4e6 * Math.sin(at / 3000)),
      connections: over(() => null),
      proxies: over(() => 3),
      unknown: { requests: null, latency: null, memory: null, connections: 'not-told' },
    },
    chosen: {
      id: 'berlin/shop/recommendations/availability',
      slo: 'availability',
      breakdown: {
        ...range,
        rows: [
          row({ bad: 5120 }),
          row({ caller: 'mobile-gateway', bad: 1204 }),
          row({ caller: 'frontend', flags: 'UF,URX', code: '503', version: 'v41', bad: 431 }),
          row({ caller: '', flags: '-', code: '500', bad: 120 }),
        ],
        otherBad: 37,
      },
      burnDown: {
        fromSeconds: noon - 7 * 86_400,
        toSeconds: noon,
        stepSeconds: 3600,
        remainingRatio: Array.from(
          { length: 169 },
          (_, index) => 0.83 - index * 0.0012 - (index > 160 ? (index - 160) * 0.019 : 0),
        ),
        completeFromSeconds: noon - 7 * 86_400,
        resetsSeconds: [],
      },
    },
    proxies: ['7d4b-abcde', '7d4b-fghij', '7d4b-klmno'].map((pod, index) =>
      proxy(`recommendations-${pod}`, index !== 2),
    ),
    alerts: [
      alert(),
      alert({
        id: 'e0',
        name: 'ErrorBudgetBurnSlow',
        severity: 'ticket',
        startedSeconds: noon - 14_400,
        endedSeconds: noon - 9000,
        noise: { by: 'ada', atSeconds: noon - 8000, note: 'load test' },
      }),
    ],
    findings: [finding()],
    events: [
      {
        kind: 'deploy',
        atSeconds: noon - 900,
        service: 'berlin/shop/recommendations',
        summary: 'recommendations went from 2.3.0 to 2.4.0',
        facts: { before: '2.3.0', version: '2.4.0' },
      },
    ],
    gaps: [],
    importedUntilSeconds: noon - 2.6 * 3600,
  };
}

type BreakdownRow = NonNullable<ServiceDetail['chosen']>['breakdown']['rows'][number];

const row = (given: Partial<BreakdownRow>): BreakdownRow => ({
  caller: 'frontend',
  callerCluster: 'berlin',
  version: 'v42',
  method: '',
  flags: '-',
  code: '503',
  bad: 1,
  ...given,
});

function sloOfRecommendations(
  given: Partial<ServiceSloView>,
  over: (value: (at: number) => number | null) => readonly (number | null)[],
  rate: (at: number) => number,
  burns: (at: number) => boolean,
  stepSeconds: number,
): ServiceSloView {
  const isMain = given.slo === undefined;
  const badShare = (at: number) => (burns(at) ? (isMain ? 0.048 : 0.002) : isMain ? 0.0004 : 0);
  return {
    id: 'berlin/shop/recommendations/availability',
    cluster: 'berlin',
    namespace: 'shop',
    service: 'recommendations',
    slo: 'availability',
    owner: 'team-shop',
    tier: 'standard',
    origin: 'default',
    indicator: { kind: 'availability' },
    perspective: 'server',
    filter: {},
    objective: 0.999,
    window: { kind: 'rolling', seconds: 30 * 86_400 },
    budgeting: { method: 'occurrences' },
    state: 'met',
    urgency: 'burning',
    atSeconds: noon,
    events: {
      fromSeconds: noon - 30 * 86_400,
      toSeconds: noon,
      total: 103_680_000,
      bad: 54_328,
      goodRatio: 1 - 54_328 / 103_680_000,
      coverage: 0.993,
      unplaced: 1204,
      imported: 100_000_000,
    },
    budget: { allowedEvents: 103_680, spentRatio: 0.524, remainingRatio: 0.476 },
    pace: { windowSeconds: 3600, burnRate: 48, exhaustedInSeconds: 25_200 },
    burnRates: [
      { windowSeconds: 300, total: 12_000, bad: 612, coverage: 1, burnRate: 51 },
      { windowSeconds: 3600, total: 144_000, bad: 6912, coverage: 1, burnRate: 48 },
    ],
    definedSinceSeconds: null,
    policy: 'usual',
    held: [],
    firstObservedSeconds: noon - 30 * 86_400,
    lastObservedSeconds: noon - 60,
    steps: [
      step({}),
      step({
        name: 'medium',
        budgetShare: 0.05,
        factor: 6,
        longSeconds: 21_600,
        shortSeconds: 1800,
        longBurnRate: 8.4,
        shortBurnRate: 44,
      }),
      step({
        name: 'slow',
        severity: 'ticket',
        budgetShare: 0.1,
        factor: 1,
        longSeconds: 259_200,
        shortSeconds: 21_600,
        longBurnRate: 0.9,
        shortBurnRate: 8.4,
        isActive: false,
      }),
    ],
    range: {
      total: over((at) => Math.round(rate(at) * stepSeconds)),
      bad: over((at) => Math.round(rate(at) * stepSeconds * badShare(at))),
    },
    ...given,
  };
}

function proxy(pod: string, up: boolean): TargetView {
  return {
    job: 'sidecars',
    mesh: 'istio',
    url: `http://10.0.0.${pod.length}:15090/stats/prometheus`,
    labels: { pod },
    up,
    lastScrapeSeconds: noon - 4,
    lastSuccessSeconds: up ? noon - 4 : noon - 312,
    durationSeconds: 0.02,
    bodyBytes: 400_000,
    series: 900,
    badLines: 0,
    duplicates: 0,
    unreadable: 0,
    unmeasured: [],
    refusedServices: 0,
    error: up ? null : { code: 'target-unreachable', message: 'connection refused', hint: 'is the pod gone?' },
  };
}
