import { factsKey, type RequestFacts, type SeriesMeaning, type Verdict, type View } from '../domain/series-meaning.js';
import { serviceKey, type ServiceId } from '../domain/service-id.js';
import type { SloId } from '../domain/slo.js';
import type { TimeRange } from '../domain/window.js';
import type { SloCell } from './cells.js';
import { OwnService } from './own-service.js';
import { requestGroup, type RequestGroup } from './request-group.js';
import { keyed, type KeyedService, type RoutedArrivals, type RoutedPath, routedPath } from './request-paths.js';
import type { ProxyLoad, Tally } from './tally.js';

type Counted = Exclude<Extract<SeriesMeaning, { views: readonly View[] }>, { kind: 'window-quantile' }>;
type Routed = Extract<SeriesMeaning, { views: readonly View[] }>;

/** One series' place: its group and which of the group's series it is. */
interface Route {
  readonly group: RequestGroup;
  readonly kind: Counted['kind'];
  readonly boundSeconds: number;
  /** Of requests only. */
  readonly path: RoutedPath | undefined;
}

/** Requests that a histogram has counted; whether its buckets tell enough of them is not known yet. */
interface Unsettled {
  readonly group: RequestGroup;
  readonly growth: number;
  readonly gap: TimeRange | undefined;
}

/**
 * Where the growth of one proxy's series goes.
 *
 * The proxy's series are numbered by whoever reads them. After each scrape's growth comes one {@link settle}. When {@link outdated}, make a new router and teach it again.
 */
export class SeriesRouter {
  readonly #tally: Tally;
  readonly #version: number;
  readonly #routes: (Route | undefined)[] = [];
  readonly #arrivals = new Map<number, RoutedArrivals>();
  readonly #windows = new Map<number, { readonly group: RequestGroup; readonly quantile: number }>();
  readonly #groups = new Map<string, RequestGroup>();
  readonly #carried = new Set<SloCell>();
  #carriedIds: readonly SloId[] = [];
  /** What the proxy carried for an earlier run, until a scrape tells. */
  #remembered: readonly SloCell[] = [];
  readonly #unmeasured = new Set<SloCell>();
  #unsettled: Unsettled[] = [];
  readonly #services = new Map<string, ServiceId>();
  readonly #mesh: string;
  readonly #admits: (view: View) => boolean;
  readonly #own = new OwnService();

  /**
   * @param mesh of the proxy: name of the pack that its series are read with
   * @param admits whether the proxy may show a service; series of one that it may not count for nothing
   */
  constructor(tally: Tally, mesh: string, admits: (view: View) => boolean = () => true) {
    this.#tally = tally;
    this.#mesh = mesh;
    this.#admits = admits;
    this.#version = tally.version;
  }

  /** Whether the SLOs have changed since this router learned its series. */
  get outdated(): boolean {
    return this.#version !== this.#tally.version;
  }

  /** SLOs whose events this proxy reports; their coverage depends on it. The same array as long as they are the same. */
  get carried(): readonly SloId[] {
    if (this.#carriedIds.length !== this.#carried.size) this.#carriedIds = [...this.#carried].map(({ slo }) => slo);
    return this.#carriedIds;
  }

  /**
   * Latency SLOs whose threshold is no bucket of this proxy's histograms: somebody gave the proxy buckets of its own. Its
   * requests count for none of them, and it does not cover them.
   */
  get unmeasured(): readonly SloId[] {
    return [...this.#unmeasured].map(({ slo }) => slo);
  }

  /** Services whose own requests this proxy serves: those that lose events when its process dies. */
  get services(): readonly ServiceId[] {
    return [...this.#services.values()];
  }

  /** The service that the proxy belongs to, as far as anybody tells. */
  get ownService(): ServiceId | undefined {
    return this.#own.known?.service;
  }

  /** Names the proxy's own service; where that is known to be served in this mesh, the proxy carries its SLOs before its own first request. */
  belongsTo(service: ServiceId): void {
    this.#own.name(service);
  }

  /** Names the services that the proxy served when it was last read: it carries their SLOs until its requests say whose they are. */
  servedBefore(services: readonly ServiceId[]): void {
    this.#own.remember(services);
  }

  /** Names SLOs that the proxy carried when it was last read: until it is read again, their coverage depends on it, too. */
  remember(carried: readonly SloId[]): void {
    this.#remembered = carried.filter((slo) => this.#tally.directory.has(slo)).map((slo) => this.#tally.sloCell(slo));
  }

  /** Notes that a scrape of this proxy was due, and whether it succeeded. */
  attempted(succeeded: boolean): void {
    for (const expected of this.#own.expected) this.#carryExpected(expected);
    if (succeeded) this.#remembered = [];
    const due = this.#remembered.length > 0 ? new Set([...this.#carried, ...this.#remembered]) : this.#carried;
    this.#tally.attempted(due, (cell) => succeeded && !this.#unmeasured.has(cell));
  }

  /** A proxy that answers, and has no series of its service's requests, shows that there were none. */
  #carryExpected({ service, key }: KeyedService): void {
    if (this.#services.has(key) || !this.#isCountedHere(service)) return;
    if (!this.#tally.directory.isServed(service, this.#mesh)) return;
    this.#services.set(key, service);
    this.#carry([{ mesh: this.#mesh, perspective: 'server', service, verdict: 'left-out', className: '' }], nobody);
  }

  /**
   * Notes how loaded the proxy is at the end of the slot; undefined where it does not tell. The load of a proxy that several
   * services share (a waypoint, an ingress controller, one on every node) is the load of none of them.
   */
  saturated(load: ProxyLoad): void {
    const own = this.#soleService?.service;
    if (own && this.#isCountedHere(own)) this.#tally.saturated(own, load);
  }

  /** Remembers what the series with this number means. */
  learn(series: number, meaning: SeriesMeaning): void {
    if (meaning.kind === 'arrivals') this.#arrivals.set(series, { ...meaning, ...keyed(meaning.service) });
    if (!isRouted(meaning)) return;
    const views = meaning.views.filter((view) => this.#admits(view));
    if (views.length === 0) return;
    const group = this.#carry(views, meaning.facts);
    if (meaning.kind === 'window-quantile') this.#windows.set(series, { group, quantile: meaning.quantile });
    else this.#learnRoute(series, group, { ...meaning, views });
    for (const { service, perspective } of views) {
      if (perspective !== 'server') continue;
      this.#services.set(serviceKey(service), service);
      this.#own.show(service);
    }
  }

  #learnRoute(series: number, group: RequestGroup, meaning: Counted): void {
    const boundSeconds = meaning.kind === 'latency-bucket' ? meaning.boundSeconds : Infinity;
    const path = meaning.kind === 'requests' ? routedPath(meaning.views, meaning.path) : undefined;
    this.#routes[series] = { group, kind: meaning.kind, boundSeconds, path };
    if (meaning.kind === 'latency-bucket') group.buckets.get(boundSeconds)?.push(series);
  }

  /** Books one minute of this proxy, in which there were requests: one event, good or bad by the quantile of this series. */
  countWindow(series: number, seconds: number): void {
    const route = this.#windows.get(series);
    for (const share of route?.group.windows ?? []) {
      if (share.quantile === route!.quantile)
        this.#tally.add(share, 1, seconds > share.thresholdSeconds ? 1 : 0, undefined);
    }
  }

  /** Whether growth of this series counts for anything. */
  counts(series: number): boolean {
    return this.#routes[series] !== undefined || this.#arrivals.has(series);
  }

  /**
   * Books the growth of one series.
   *
   * @param growth requests, a whole number above zero
   * @param gap when it is only known that they happened within this stretch
   */
  count(series: number, growth: number, gap?: TimeRange): void {
    const route = this.#routes[series];
    if (!route) {
      const arrivals = this.#arrivals.get(series);
      if (arrivals && !gap) this.#tally.paths.arrived(arrivals, growth);
      return;
    }
    switch (route.kind) {
      case 'requests':
        this.#countRequests(route.group, growth, gap);
        if (!gap) this.#tally.paths.count(route.path!, growth, this.#soleService);
        break;
      case 'latency-count':
        this.#countAll(route.group, growth, gap);
        break;
      case 'latency-bucket':
        this.#countWithin(route, growth, gap);
        break;
    }
  }

  /**
   * Books what the histograms of one scrape have counted, now that all its lines are known.
   *
   * @param isThere whether the scrape held the series with this number
   * @param incomplete whether there were lines that nobody could read
   */
  settle(isThere: (series: number) => boolean, incomplete = false): void {
    const missing = new Set<SloCell>();
    for (const { group, growth, gap } of this.#unsettled) {
      for (const share of group.latency) {
        if (group.buckets.get(share.thresholdSeconds)!.some(isThere)) {
          const requests = growth + share.waiting;
          share.waiting = 0;
          // Every request is too slow until a bucket says otherwise; so is an abort, whose fast ones are taken out again.
          this.#tally.add(share, requests, requests, gap);
          this.#unmeasured.delete(share.slo);
        } else {
          share.waiting = incomplete ? share.waiting + growth : 0;
          missing.add(share.slo);
        }
      }
    }
    for (const cell of missing) this.#unmeasured.add(cell);
    this.#unsettled = [];
  }

  #countRequests({ availability, signals }: RequestGroup, growth: number, gap: TimeRange | undefined): void {
    for (const share of availability) {
      if (share.verdict !== 'left-out') this.#tally.add(share, growth, share.verdict === 'bad' ? growth : 0, gap);
    }
    if (gap) return;
    for (const { cell, verdict } of signals) {
      if (verdict === 'left-out') cell.leftOut += growth;
      else cell.requests += growth;
      if (verdict === 'bad') cell.errors += growth;
    }
  }

  #countAll(group: RequestGroup, growth: number, gap: TimeRange | undefined): void {
    if (group.latency.length > 0) this.#unsettled.push({ group, growth, gap });
    if (gap) return;
    for (const { cell, verdict } of group.signals) addLatency(cell.latency, Infinity, verdict, growth);
  }

  #countWithin({ group, boundSeconds }: Route, growth: number, gap: TimeRange | undefined): void {
    for (const share of group.latency) {
      if (share.thresholdSeconds !== boundSeconds || share.verdict === 'bad') continue;
      this.#tally.add(share, share.verdict === 'left-out' ? -growth : 0, -growth, gap);
    }
    if (gap) return;
    for (const { cell, verdict } of group.signals) addLatency(cell.latency, boundSeconds, verdict, growth);
  }

  /** The service that has the proxy for itself; undefined where several share it, or nobody tells. */
  get #soleService(): KeyedService | undefined {
    return this.#own.named ?? (this.#services.size < 2 ? this.#own.known : undefined);
  }

  #isCountedHere(service: ServiceId): boolean {
    return this.#tally.directory.meshOf(service) === this.#mesh;
  }

  #carry(views: readonly View[], facts: RequestFacts): RequestGroup {
    const key = groupKey(views, facts);
    let group = this.#groups.get(key);
    if (!group) {
      group = requestGroup(views, facts, this.#tally);
      this.#groups.set(key, group);
      for (const { slo } of [...group.availability, ...group.latency, ...group.windows]) this.#carried.add(slo);
    }
    return group;
  }
}

const nobody: RequestFacts = { caller: '', callerCluster: '', version: '', method: '', flags: '', code: '' };

/** The bucket without a bound says what the histogram's count says: counted once, by the count. */
function isRouted(meaning: SeriesMeaning): meaning is Routed {
  if (meaning.kind === 'latency-bucket') return Number.isFinite(meaning.boundSeconds);
  return meaning.kind === 'requests' || meaning.kind === 'latency-count' || meaning.kind === 'window-quantile';
}

function groupKey(views: readonly View[], facts: RequestFacts): string {
  const seen = views.map((view) => `${view.mesh} ${view.perspective} ${serviceKey(view.service)} ${view.verdict}`);
  return [...seen, factsKey(facts)].join('\n');
}

function addLatency(latency: Map<number, number>, boundSeconds: number, verdict: Verdict, growth: number): void {
  if (verdict !== 'left-out') latency.set(boundSeconds, (latency.get(boundSeconds) ?? 0) + growth);
}
