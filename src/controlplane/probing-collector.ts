import type { Look } from '../domain/finding-source.js';
import type { ControlPlaneCollector } from './collector.js';
import { type CollectorParts, scopeOf } from './collector-parts.js';
import type { ControlPlaneProbe, ControlPlaneSight } from './control-plane-probe.js';
import type { ControlPlaneState } from './control-plane-state.js';
import type { Scope } from './findings/scope.js';
import { aboutSilentCertificates, aboutSilentInstances } from './silence.js';
import { SyncReading } from './sync-reading.js';
import { downInstances, instanceState, refusingInstances } from './instance-watch.js';

/** What looking at a control plane of any kind is: a probe asks, and what it saw becomes a state and findings. */
export class ProbingCollector implements ControlPlaneCollector {
  readonly name: string;
  readonly everySeconds: number;
  readonly #parts: CollectorParts;
  readonly #scope: Scope;
  readonly #probe: ControlPlaneProbe;
  readonly #syncReading = new SyncReading();
  #state: ControlPlaneState | undefined;

  constructor(parts: CollectorParts, probe: ControlPlaneProbe) {
    this.name = `control plane ${parts.settings.name}`;
    this.everySeconds = parts.settings.intervalSeconds;
    this.#parts = parts;
    this.#scope = scopeOf(parts);
    this.#probe = probe;
  }

  get state(): ControlPlaneState | undefined {
    return this.#state;
  }

  close(): void {
    for (const set of this.#probe.sets) set.close();
  }

  async look(signal: AbortSignal): Promise<Look> {
    const began = this.#parts.clock.monotonic();
    const interrupt = (): void => {
      for (const set of this.#probe.sets) set.interrupt();
    };
    signal.addEventListener('abort', interrupt, { once: true });
    try {
      return this.#conclude(await this.#probe.look(), began);
    } finally {
      signal.removeEventListener('abort', interrupt);
    }
  }

  #conclude(sight: ControlPlaneSight, began: number): Look {
    const { clock } = this.#parts;
    const {
      instances,
      sync,
      unreadSync,
      versions,
      certificates,
      pushes,
      differences,
      warming,
      more = [],
      unseen = [],
      events = [],
    } = sight;
    const looks = instances.map(({ look }) => look);
    const troubles = this.#probe.sets.flatMap((set) => set.troubles);
    this.#state = {
      ...this.#scope,
      lookedAt: clock.now(),
      lookSeconds: clock.monotonic() - began,
      troubles: troubles.map(({ message }) => message),
      instances: instances.map(({ look, own }) => instanceState(look, own)),
      sync: sync.told,
      versions: versions.told,
      certificates: certificates.told,
      pushes: pushes.told,
      differences: differences.told,
      warming: warming.told,
    };
    const silent = looks
      .filter(({ failures }) => failures.told ?? failures.metrics)
      .map(({ client }) => client.address);
    const certificateNames = 'told' in certificates.told ? certificates.told.told.map(({ name }) => name) : [];
    const silences = [aboutSilentInstances(silent), aboutSilentCertificates(silent, certificateNames), ...unseen];
    const judgements = [
      downInstances(this.#scope, looks, troubles),
      refusingInstances(this.#scope, looks, (code) => this.#probe.howToAsk(code)),
      this.#syncReading.look(this.#scope, unreadSync, looks, clock),
      ...[sync, versions, certificates, pushes, differences, warming],
      ...more,
    ];
    return {
      findings: judgements.flatMap(({ findings }) => findings),
      judged: [...new Set(judgements.flatMap(({ judged }) => judged))],
      unseen: (finding) => silences.some((isUnseen) => isUnseen(finding)),
      events,
    };
  }
}
