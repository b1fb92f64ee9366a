import { serviceKey } from '../domain/service-id.js';
import type { Perspective } from '../domain/slo.js';
import type { Verdict } from '../domain/series-meaning.js';
import { readExposition } from '../exposition/read-exposition.js';
import type { ExpositionSummary } from '../exposition/exposition-summary.js';
import { summaryOf } from '../exposition/exposition-summary.js';
import { seriesInterpreter } from '../packs/interpreter.js';
import type { SignalPacks } from '../packs/load-packs.js';
import { recogniseMesh } from '../packs/recognise-mesh.js';
import type { RecognisedMesh } from '../packs/recognise-mesh.js';
import type { SourceBody } from './read-source.js';

/** What a target is, told from one body of it. */
export interface Inspection {
  readonly summary: ExpositionSummary;
  readonly mesh: RecognisedMesh | undefined;
  /** Families that the mesh's pack reads; empty without a mesh. */
  readonly wanted: ReadonlySet<string>;
  readonly services: readonly InspectedService[];
  /** Requests whose destination is no service of the mesh. */
  readonly requestsOfNoService: number;
  readonly uptimeSeconds: number | undefined;
  /** Whether there is nothing to mend. */
  readonly sound: boolean;
}

/** Requests of one service as one side saw them, since its proxy started. */
export interface InspectedService {
  readonly service: string;
  readonly perspective: Perspective;
  readonly requests: Readonly<Record<Verdict, number>>;
}

/** Stands in for the cluster, which a single body does not tell. */
const clusterOfBody = 'this-cluster';

/** Looks at a body with the eyes of the mesh that it seems to be from. A body without any sample is not sound. */
export function inspectBody({ bytes, contentType }: SourceBody, packs: SignalPacks, strict: boolean): Inspection {
  const exposition = readExposition(bytes, { contentType, strict, maxProblems: 50 });
  const summary = summaryOf(exposition, bytes.length);
  const mesh = recogniseMesh(packs, exposition.families);
  const interpreter = mesh && seriesInterpreter(mesh.pack, { cluster: clusterOfBody, clusterAliases: new Map() });

  const wanted = new Set<string>();
  const services = new Map<string, { -readonly [K in keyof InspectedService]: InspectedService[K] }>();
  let requestsOfNoService = 0;
  let uptimeSeconds: number | undefined;
  for (const { name: family, samples } of exposition.families) {
    for (const { name, labels, value } of samples) {
      if (interpreter?.sampleNames.has(name) !== true) continue;
      wanted.add(family);
      const meaning = interpreter.meaning(name, labels);
      if (meaning?.kind === 'process-uptime') uptimeSeconds = value / meaning.perSecond;
      if (meaning?.kind !== 'requests' || !Number.isFinite(value)) continue;
      if (meaning.views.length === 0) requestsOfNoService += value;
      for (const { service, perspective, verdict } of meaning.views) {
        const key = `${serviceKey(service)} ${perspective}`;
        const known = services.get(key);
        const { good, bad, 'left-out': leftOut } = known?.requests ?? { good: 0, bad: 0, 'left-out': 0 };
        const requests = { good, bad, 'left-out': leftOut, [verdict]: (known?.requests[verdict] ?? 0) + value };
        services.set(key, { service: `${service.namespace}/${service.name}`, perspective, requests });
      }
    }
  }
  return {
    summary,
    mesh,
    wanted,
    services: [...services].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, service]) => service),
    requestsOfNoService,
    uptimeSeconds,
    sound: summary.sound && summary.sampleCount > 0,
  };
}
