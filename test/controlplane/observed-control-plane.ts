import type { ControlPlaneSettings } from '../../src/config/control-planes.js';
import type { ControlPlaneCollector } from '../../src/controlplane/collector.js';
import { newCollector } from '../../src/controlplane/new-collector.js';
import type { ProxyBook } from '../../src/controlplane/proxy-book.js';
import { type Finding, findingKey } from '../../src/domain/finding.js';
import type { FindingKind } from '../../src/domain/finding-kinds.js';
import type { Look } from '../../src/domain/finding-source.js';
import { loadControlPlanePacks } from '../../src/packs/load-control-plane-packs.js';
import { BodyBuffers } from '../../src/scrape/http/body-buffer.js';
import { ByteBudget } from '../../src/scrape/http/byte-budget.js';
import { TestClock } from '../scrape/test-clock.js';

const packs = loadControlPlanePacks();
const nothing = { targets: [], scheme: 'http', access: {} } as const;

/** Settings with usual thresholds, and an out-of-sync age of a minute. */
export function settingsOf(
  own: Partial<ControlPlaneSettings> & Pick<ControlPlaneSettings, 'kind'>,
): ControlPlaneSettings {
  return {
    name: 'main',
    cluster: 'eu-1',
    owner: 'team-platform',
    intervalSeconds: 15,
    timeoutSeconds: 60,
    instances: nothing,
    proxies: nothing,
    controllers: nothing,
    namespaces: ['default'],
    wantedVersion: undefined,
    thresholds: {
      outOfSyncSeconds: 60,
      warmingSeconds: 300,
      disagreeSeconds: 60,
      certificateSeconds: 14 * 86_400,
      workloadCertificateSeconds: 3600,
    },
    ...own,
  };
}

/** Endpoints at fixed addresses. */
export function at(...targets: readonly string[]): ControlPlaneSettings['instances'] {
  return { ...nothing, targets: [{ kind: 'static', groups: [{ targets, labels: {} }] }] };
}

/** Services are named like the first word of their pods, and owned by `team-<namespace>`. */
export const bookByName: ProxyBook = {
  ownerOf: ({ cluster, namespace, pod }) => ({
    service: { cluster, namespace, name: pod.split('-')[0]! },
    owner: `team-${namespace}`,
  }),
};

/** A collector that is told what time it is, and what it has found so far. */
export class ObservedControlPlane {
  readonly collector: ControlPlaneCollector;
  readonly clock: TestClock;
  readonly #intervalSeconds: number;
  #ongoing = new Map<string, Finding>();

  constructor(
    settings: ControlPlaneSettings,
    { book = bookByName, now = 10_000 }: { book?: ProxyBook; now?: number } = {},
  ) {
    this.clock = new TestClock(now);
    this.#intervalSeconds = settings.intervalSeconds;
    this.collector = newCollector({
      settings,
      pack: packs.get(settings.kind)!,
      book,
      clusterOf: (id) => (id === '' || id === 'Kubernetes' ? settings.cluster : id),
      buffers: new BodyBuffers(new ByteBudget(4_194_304, 268_435_456)),
      clock: this.clock,
    });
  }

  /** Findings that go on, as a desk keeps them: what was not judged stays. */
  get ongoing(): readonly Finding[] {
    return [...this.#ongoing.values()];
  }

  kinds(): readonly FindingKind[] {
    return this.ongoing.map(({ kind }) => kind).sort();
  }

  /** One look at this moment. */
  async look(): Promise<Look> {
    const look = await this.collector.look(new AbortController().signal);
    const judged = new Set(look.judged);
    for (const [key, finding] of this.#ongoing) {
      if (judged.has(finding.kind) && !look.unseen?.(finding)) this.#ongoing.delete(key);
    }
    for (const finding of look.findings) this.#ongoing.set(findingKey(finding), finding);
    return look;
  }

  /** Looks again and again for so long; `meanwhile` lets the world go on before each look. */
  async lookFor(
    seconds: number,
    meanwhile: (nowSeconds: number) => void | Promise<void> = () => undefined,
  ): Promise<void> {
    for (let passed = 0; passed < seconds; passed += this.#intervalSeconds) {
      this.clock.pass(this.#intervalSeconds);
      await meanwhile(this.clock.now());
      await this.look();
    }
  }

  close(): void {
    this.collector.close();
  }
}
