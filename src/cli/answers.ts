import { z } from 'zod';
import { parsedJson } from '../documents/parsed-json.js';
import { Failure } from '../domain/failure.js';
import { urgencies } from '../domain/urgency.js';
import type { FindingList } from '../server/api-types/finding.js';
import type { SloList } from '../server/api-types/slo.js';
import type { TargetCounts } from '../server/api-types/target.js';

/** What the table reads of an SLO; the rest of the answer is handed on as it came. */
const slo = z.looseObject({
  cluster: z.string(),
  namespace: z.string(),
  service: z.string(),
  slo: z.string(),
  owner: z.string().nullable(),
  perspective: z.string(),
  indicator: z.discriminatedUnion('kind', [
    z.looseObject({ kind: z.literal('availability') }),
    z.looseObject({ kind: z.literal('latency'), thresholdSeconds: z.number() }),
    z.looseObject({ kind: z.literal('latency-windows'), thresholdSeconds: z.number(), quantile: z.number() }),
  ]),
  objective: z.number(),
  window: z.discriminatedUnion('kind', [
    z.looseObject({ kind: z.literal('rolling'), seconds: z.number() }),
    z.looseObject({ kind: z.literal('calendar'), period: z.string() }),
  ]),
  urgency: z.enum(urgencies),
  events: z.looseObject({ total: z.number(), coverage: z.number() }),
  budget: z.looseObject({ remainingRatio: z.number() }).nullable(),
  pace: z.looseObject({ burnRate: z.number(), exhaustedInSeconds: z.number().nullable() }).nullable(),
});

const sloList = z.looseObject({ slos: z.array(slo) });

/** What the list of findings reads of one; the rest of the answer is handed on as it came. */
const finding = z.looseObject({
  kind: z.string(),
  severity: z.enum(['critical', 'warning', 'info']),
  subject: z.record(z.string(), z.string()),
  owner: z.string().nullable(),
  summary: z.string(),
  action: z.string(),
  sinceSeconds: z.number().nullable(),
  firstSeenSeconds: z.number(),
});

const look = z.looseObject({
  source: z.string(),
  lookedSeconds: z.number().nullable(),
  error: z.looseObject({ message: z.string(), hint: z.string().nullable() }).nullable(),
});

const findingList = z.looseObject({ findings: z.array(finding), total: z.number(), looks: z.array(look) });

const watcher = z.looseObject({
  targets: z.looseObject({ up: z.number(), down: z.number(), unknown: z.number() }),
  alerting: z.looseObject({ pages: z.number(), tickets: z.number() }),
});

/**
 * The list of SLOs in the body of an answer.
 *
 * @throws Failure `service-unreachable` where something else than meshslo, or a very different one, has answered
 */
export function sloListAnswer(text: string, origin: string): SloList {
  // Checked as far as it is read here.
  return checked(sloList, text, origin) as unknown as SloList;
}

/** The list of findings in the body of an answer; throws as {@link sloListAnswer} does. */
export function findingListAnswer(text: string, origin: string): FindingList {
  return checked(findingList, text, origin) as unknown as FindingList;
}

/** What is said above the table: how many targets answer, and how many alerts call somebody. */
export interface WatcherCounts {
  readonly targets: TargetCounts;
  readonly alerts: { readonly pages: number; readonly tickets: number };
}

/** The counts in the body of an answer; throws as {@link sloListAnswer} does. */
export function watcherCountsAnswer(text: string, origin: string): WatcherCounts {
  const { targets, alerting } = checked(watcher, text, origin);
  return { targets, alerts: alerting };
}

function checked<T>(schema: z.ZodType<T>, text: string, origin: string): T {
  const result = schema.safeParse(parsedJson(text));
  if (result.success) return result.data;
  throw new Failure('service-unreachable', `what answers at ${origin} is no meshslo that this program understands`, {
    hint: 'say where meshslo listens with --url; the service and this program should be of the same version',
  });
}
