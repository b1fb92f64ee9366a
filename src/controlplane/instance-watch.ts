import type { Clock, EpochSeconds } from '../domain/clock.js';
import { type Failure, failureOf } from '../domain/failure.js';
import type { FailureCode } from '../domain/failure.js';
import type { Finding } from '../domain/finding.js';
import type { Judgement } from './answer.js';
import type { InstanceState } from './control-plane-state.js';
import { type EndpointClient, isAnswer } from './endpoint-client.js';
import type { EndpointSet } from './endpoint-set.js';
import { controlPlaneDown, controlPlaneForbidden, noInstances } from './findings/instance-findings.js';
import type { Scope } from './findings/scope.js';
import { type CounterValues, GrowthWindow } from './growth-window.js';
import { MetricValues } from './metric-values.js';

/** One lost answer is no lost instance. */
const downAfterLooks = 2;

/** All that an instance is asked may take so many times what one answer may. */
const patience = 1.5;

/** What happens in a few minutes is what happens now. */
const windowSeconds = 300;

/** What one look at an instance has brought. */
export interface InstanceLook<T> {
  readonly client: EndpointClient;
  /** Its metrics; undefined where they could not be read. */
  readonly values: MetricValues | undefined;
  /** What else it was asked for; undefined where that could not be read. */
  readonly told: T | undefined;
  /** Why the metrics, or what else it was asked for, could not be read. */
  readonly failures: { readonly metrics: Failure | undefined; readonly told: Failure | undefined };
  /** Its counters' growth over the last minutes. */
  readonly grown: CounterValues | undefined;
  /** Over how much time they have grown. */
  readonly grownSeconds: number;
  /** When it was found to be down; undefined while it is not. */
  readonly downSince: EpochSeconds | undefined;
}

/** What is asked of an instance beside its metrics. */
export interface InstanceQuestions<T> {
  readonly metricsPath: string;
  readonly counters: (values: MetricValues) => CounterValues;
  /** Undefined where metrics are all that there is. */
  readonly ask: ((client: EndpointClient) => Promise<T>) | undefined;
}

interface Watched {
  readonly growth: GrowthWindow;
  failedLooks: number;
  failedSince: EpochSeconds | undefined;
}

/** Looks at the instances of a control plane again and again, and knows which of them have been away. */
export class InstanceWatch<T> {
  readonly #set: EndpointSet;
  readonly #questions: InstanceQuestions<T>;
  readonly #clock: Clock;
  #watched = new Map<EndpointClient, Watched>();

  constructor(set: EndpointSet, questions: InstanceQuestions<T>, clock: Clock) {
    this.#set = set;
    this.#questions = questions;
    this.#clock = clock;
  }

  /** Asks every instance that is listed. Never throws for what an instance does. */
  async look(): Promise<readonly InstanceLook<T>[]> {
    await this.#set.refresh();
    const { clients } = this.#set;
    const before = this.#watched;
    this.#watched = new Map(clients.map((client) => [client, before.get(client) ?? newlyWatched()]));
    return Promise.all(clients.map((client) => this.#ask(client, this.#watched.get(client)!)));
  }

  async #ask(client: EndpointClient, watched: Watched): Promise<InstanceLook<T>> {
    const { metricsPath, counters, ask } = this.#questions;
    const { metrics, told } = await client.within(patience * client.timeoutSeconds, async () => {
      const metrics = await settled(client.metrics(metricsPath));
      // Who says nothing at all is not waited for again: the others wait for it.
      if (!ask || (metrics.failure && !isAnswer(metrics.failure)))
        return { metrics, told: { value: undefined, failure: ask && metrics.failure } };
      return { metrics, told: await settled(ask(client)) };
    });
    const values = metrics.value && new MetricValues(metrics.value.value);
    if (values) watched.growth.observe(this.#clock.monotonic(), counters(values));
    if (values || told.value !== undefined || isRefusal(metrics.failure)) {
      watched.failedLooks = 0;
      watched.failedSince = undefined;
    } else {
      watched.failedLooks += 1;
      watched.failedSince ??= this.#clock.now();
    }
    return {
      client,
      values,
      told: told.value,
      failures: { metrics: metrics.failure, told: told.failure },
      grown: watched.growth.grown,
      grownSeconds: watched.growth.seconds,
      downSince: watched.failedLooks >= downAfterLooks ? watched.failedSince : undefined,
    };
  }
}

function newlyWatched(): Watched {
  return { growth: new GrowthWindow(windowSeconds), failedLooks: 0, failedSince: undefined };
}

/** Somebody is there, and lets nobody in. */
export function isRefusal(failure: Failure | undefined): boolean {
  return failure?.code === 'unauthenticated' || failure?.code === 'forbidden' || failure?.code === 'file-unreadable';
}

/** Instances that have been away for two looks; where none is known, that is one finding. */
export function downInstances(
  scope: Scope,
  looks: readonly InstanceLook<unknown>[],
  troubles: readonly Failure[],
): Judgement {
  const down = looks.flatMap(({ client, downSince, failures }) =>
    downSince === undefined
      ? []
      : [controlPlaneDown(scope, { address: client.address, failure: failures.metrics!, since: downSince })],
  );
  const unknown = (): Finding => noInstances(scope, troubles[0]?.message ?? 'no address is listed');
  // Who was down before a restart of meshslo, and does not answer its first look, is neither up nor known to be down.
  return {
    findings: looks.length > 0 ? down : [unknown()],
    judged: looks.some(isUndecided) ? [] : ['ControlPlaneDown'],
  };
}

/** An answer was lost, and the next look tells whether the instance was. */
function isUndecided({ values, told, failures, downSince }: InstanceLook<unknown>): boolean {
  return values === undefined && told === undefined && !isRefusal(failures.metrics) && downSince === undefined;
}

/** Whoever lets meshslo see nothing, and why. */
interface Refusal {
  readonly address: string;
  readonly failure: Failure;
}

/** Instances that want to know who asks, or let whoever asks see nothing: one finding, that says what to configure. */
export function refusingInstances(
  scope: Scope,
  looks: readonly InstanceLook<unknown>[],
  howToAsk: (code: FailureCode) => string,
): Judgement {
  const refusals = looks.flatMap(({ client, failures }) => {
    const failure = [failures.told, failures.metrics].find(isRefusal);
    return failure ? [{ address: client.address, failure }] : [];
  });
  const isAnybodyLetIn = looks.some(({ failures }) => !failures.told && !failures.metrics);
  return {
    findings: refusalFindings(scope, refusals, howToAsk),
    judged: isAnybodyLetIn ? ['ControlPlaneForbidden'] : [],
  };
}

/** One finding for all of them, or none. */
export function refusalFindings(
  scope: Scope,
  refusals: readonly Refusal[],
  howToAsk: (code: FailureCode) => string,
): Judgement['findings'] {
  const [first] = refusals;
  if (!first) return [];
  const { code, message } = first.failure;
  const addresses = refusals.map(({ address }) => address);
  return [controlPlaneForbidden(scope, { addresses, trouble: message, how: howToAsk(code) })];
}

/** What all kinds of instances have in common; `own` is what one kind tells. */
export function instanceState(
  look: InstanceLook<unknown>,
  own: Partial<Omit<InstanceState, 'address' | 'health' | 'trouble'>>,
): InstanceState {
  const { client, values, failures, downSince } = look;
  const trouble = failures.told ?? failures.metrics;
  const isForbidden = isRefusal(failures.told) || isRefusal(failures.metrics);
  const health = downSince !== undefined ? 'down' : isForbidden ? 'forbidden' : values ? 'up' : 'unknown';
  return {
    address: client.address,
    health,
    trouble: health === 'up' ? undefined : trouble?.message,
    version: undefined,
    uptimeSeconds: undefined,
    proxies: undefined,
    memoryBytes: undefined,
    processors: undefined,
    ...own,
  };
}

interface Settled<T> {
  readonly value: T | undefined;
  readonly failure: Failure | undefined;
}

/** @throws what is no Failure: bugs */
async function settled<T>(work: Promise<T>): Promise<Settled<T>> {
  try {
    return { value: await work, failure: undefined };
  } catch (error) {
    return { value: undefined, failure: failureOf(error) };
  }
}
