import type { Board } from '../../../src/domain/board.js';
import type { Slo } from '../../../src/domain/slo.js';
import { boardSet } from '../../../src/generate/dashboards/board-set.js';
import { boardVocabulary } from '../../../src/packs/board-vocabulary.js';
import { controlPlaneKinds } from '../../../src/packs/control-plane-pack.js';
import { loadBoards } from '../../../src/packs/load-boards.js';
import { loadPacks } from '../../../src/packs/load-packs.js';
import { windowEvents } from '../../../src/generate/rules/series-names.js';
import type { RuleSettings } from '../../../src/generate/rules/rule-settings.js';
import type { KnownMetrics } from '../../support/boards/lint-board.js';
import { madeUpSlo, partsOf } from '../rules/made-up-slos.js';

/** Availability, latency and mesh failures of two services of each mesh that has a pack. */
function slosOfEveryMesh(): readonly Slo[] {
  return [...loadPacks().packs.values()].flatMap(({ name: mesh, latency, views }) =>
    ['cart', 'till'].flatMap((name) => {
      const service = { cluster: 'eu-1', namespace: `${mesh}-shop`, name };
      const bound = latency?.boundsSeconds.at(-3);
      const perspectives = [...new Set(views.map(({ perspective }) => perspective))];
      return [
        ...perspectives.map((perspective) => madeUpSlo({ service, mesh, name: perspective, perspective })),
        ...(bound === undefined
          ? []
          : [madeUpSlo({ service, mesh, name: 'latency', indicator: { kind: 'latency', thresholdSeconds: bound } })]),
      ];
    }),
  );
}

/** All boards of some SLOs, with every kind of link. */
export function boardsOf(slos: readonly Slo[], said: Partial<RuleSettings> = {}): readonly Board[] {
  const controlPlanes = controlPlaneKinds.map((kind) => ({ kind }));
  return [...boardSet({ ...partsOf(slos, said), boards: loadBoards().packs, controlPlanes })];
}

/** The boards of every mesh by itself, and of one fleet that moves from one to another. */
export function boardsOfEveryFleet(): readonly (readonly [fleet: string, board: Board])[] {
  const slos = slosOfEveryMesh();
  const meshes = [...new Set(slos.map(({ mesh }) => mesh!))];
  const fleets = [...meshes.map((mesh) => [mesh]), ['linkerd1', 'istio']];
  return fleets.flatMap((fleet) =>
    boardsOf(slos.filter(({ mesh }) => fleet.includes(mesh!))).map((board) => [fleet.join(' and '), board] as const),
  );
}

/** Those of Istio. */
export function istioBoards(): readonly Board[] {
  return boardsOf(slosOfEveryMesh().filter(({ mesh }) => mesh === 'istio'));
}

/** Every name that a query may have: of packs, of rules, of ours. */
export function knownMetrics(): KnownMetrics {
  const windows = [60, 300, 1800, 3600, 7200, 21_600, 86_400, 259_200, 604_800, 2_419_200, 2_592_000, 7_776_000];
  const recorded = windows.flatMap((seconds) =>
    (['events', 'bad_events'] as const).map((kind) => windowEvents(kind, seconds)),
  );
  const words = [...boardVocabulary(loadBoards().packs).values()];
  const parts = (name: string): readonly string[] => ['_bucket', '_count', '_sum'].map((suffix) => `${name}${suffix}`);
  const counters = words.flatMap(({ name, type }) => {
    if (type === 'histogram') return parts(name);
    if (type === 'summary') return [`${name}_count`, `${name}_sum`];
    return type === 'counter' ? [name] : [];
  });
  const others = words.flatMap(({ name, type }) =>
    type === 'histogram' || type === 'counter' || type === 'summary' ? [] : [name],
  );
  const packs = [...loadPacks().packs.values()];
  const meshCounters = packs.flatMap(({ requests, latency }) => [
    ...requests.families,
    ...(latency?.families.flatMap(parts) ?? []),
  ]);
  const meshGauges = packs.flatMap(({ process, version, latencyWindows }) => [
    ...[process.uptime, process.memoryBytes, process.connections, version, latencyWindows].flatMap((one) =>
      one === undefined ? [] : [one.family],
    ),
  ]);
  const everyCounter = new Set([...counters, ...meshCounters]);
  return { metrics: new Set([...everyCounter, ...others, ...recorded, ...meshGauges]), counters: everyCounter };
}
