import { z } from 'zod';
import { Failure } from '../domain/failure.js';
import { urgencies } from '../domain/urgency.js';
import type { SloList } from '../server/api-types.js';

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

const answer = z.looseObject({ slos: z.array(slo) });

/**
 * The list of SLOs in the body of an answer.
 *
 * @throws Failure `service-unreachable` where something else than meshslo, or a very different one, has answered
 */
export function sloListAnswer(text: string, origin: string): SloList {
  const checked = answer.safeParse(parsed(text));
  // Checked above as far as it is read here.
  if (checked.success) return checked.data as unknown as SloList;
  throw new Failure('service-unreachable', `what answers at ${origin} is no meshslo that this program understands`, {
    hint: 'say where meshslo listens with --url; page and program should be of the same version',
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
