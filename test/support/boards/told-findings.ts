import { createServer } from 'node:http';
import { Registry } from 'prom-client';
import type { FindingKind } from '../../../src/domain/finding-kinds.js';
import { findingMetrics } from '../../../src/server/finding-metrics.js';
import { closeServer, listen } from '../../../src/simulator/loopback.js';
import { keptFinding } from '../../server/made-up-findings.js';

/** What is found in registries; the fleet has none. */
const ofRegistries: readonly FindingKind[] = [
  'ZombieRegistration',
  'ReusedAddress',
  'MassDeregistration',
  'RegistryFlapping',
  'SlowRegistrySync',
];

/** The metrics of another meshslo, which has found one thing of every kind that there is in registries. */
export class ToldFindings {
  readonly #registry = new Registry();
  readonly #server = createServer((_request, response) => {
    void this.#registry.metrics().then((text) => response.end(text));
  });

  constructor() {
    const ongoing = ofRegistries.map((kind) => keptFinding(kind, { kind, subject: { cluster: 'elsewhere' } }));
    const state = { sources: [], leftOut: new Map(), unsaved: undefined };
    findingMetrics([this.#registry], { ongoing: () => ongoing, state }).read();
  }

  /** Serves them, and says where: host and port. */
  async open(): Promise<string> {
    return `127.0.0.1:${await listen(this.#server, 0)}`;
  }

  async close(): Promise<void> {
    await closeServer(this.#server);
  }
}
