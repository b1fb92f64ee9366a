import { DefinedAlerts } from '../alerting/defined/defined-alerts.js';
import type { GaugeSeries } from '../alerting/defined/gauge-condition.js';
import type { Config } from '../config/config.js';
import type { ActiveAlert } from '../domain/alert.js';
import type { Clock, EpochSeconds } from '../domain/clock.js';
import { Failure } from '../domain/failure.js';
import type { FindingBook } from '../domain/finding-book.js';
import { loadControlPlaneAlerts } from '../packs/load-control-plane-alerts.js';
import type { OwnMetrics } from '../server/own-metrics.js';

/** As often as Prometheus evaluates the rules. */
const lookEverySeconds = 60;

interface DefinedAlertsNowParts {
  readonly metrics: Pick<OwnMetrics, 'gauges'>;
  readonly findings: () => Pick<FindingBook, 'ongoing'>;
  readonly config: () => Config;
  readonly clock: Clock;
  /** What fired when somebody last looked. */
  readonly ongoing: readonly ActiveAlert[];
  readonly onBug: (error: unknown) => void;
}

/** Alerts about control planes, registries and findings, judged by what `/metrics` tells: nobody needs a Prometheus to be called. */
export class DefinedAlertsNow {
  readonly #parts: DefinedAlertsNowParts;
  readonly #alerts: DefinedAlerts;
  readonly #metrics: readonly string[];
  #firing: readonly ActiveAlert[];
  #nextLook = -Infinity;
  #isLooking = false;

  constructor(parts: DefinedAlertsNowParts) {
    this.#parts = parts;
    const { ongoing, clock } = parts;
    this.#alerts = new DefinedAlerts({ definitions: loadControlPlaneAlerts(), ongoing, startedAt: clock.now() });
    this.#metrics = this.#alerts.metrics;
    this.#firing = this.#alerts.carried;
  }

  /** What fired at the last look; begins the next one when it is time. Never throws. */
  firing(): readonly ActiveAlert[] {
    const now = this.#parts.clock.monotonic();
    if (now >= this.#nextLook && !this.#isLooking) {
      this.#nextLook = now + lookEverySeconds;
      void this.look();
    }
    return this.#firing;
  }

  /** Looks now. Never fails. */
  async look(): Promise<void> {
    const { metrics, config, clock, onBug } = this.#parts;
    this.#isLooking = true;
    try {
      const gauges = await metrics.gauges(this.#metrics);
      const { controlPlanes, links } = config();
      const told = (metric: string): readonly GaugeSeries[] => gauges.get(metric) ?? [];
      const ownerOf = (name: string): string | undefined => controlPlanes.find((one) => one.name === name)?.owner;
      this.#firing = this.#alerts.look({ told, links, now: clock.now(), ownerOf, foundSince: this.#foundSince() });
    } catch (error) {
      // What cannot be read goes on as it was.
      if (!(error instanceof Failure)) onBug(error);
    } finally {
      this.#isLooking = false;
    }
  }

  #foundSince(): (labels: Readonly<Record<string, string>>) => EpochSeconds | undefined {
    const ongoing = this.#parts.findings().ongoing();
    return ({ kind, owner, cluster, mesh }) => {
      const own = ongoing.filter(
        (one) =>
          one.kind === kind &&
          one.owner === owner &&
          one.subject['cluster'] === cluster &&
          one.subject['mesh'] === mesh,
      );
      return own.length === 0 ? undefined : Math.min(...own.map(({ firstSeen }) => firstSeen));
    };
  }
}
