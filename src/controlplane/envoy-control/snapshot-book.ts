import { Failure } from '../../domain/failure.js';
import { type EndpointClient, isAnswer } from '../endpoint-client.js';
import type { InstanceLook } from '../instance-watch.js';
import { Turns } from '../turns.js';
import { readVersions, type SnapshotVersions } from './envoy-control-answers.js';

/** What instances send one group of Envoys. */
export interface GroupSnapshots {
  /** One of each instance that has made any. */
  readonly made: readonly SnapshotVersions[];
  /** Whether no other instance could have sent it anything. */
  readonly isWhole: boolean;
}

/** What one look asks one instance: a snapshot of a group that wants every service is as large as all that there is. */
const mostGroups = 250;
const mostAnswerBytes = 32 * 1024 * 1024;
const mostBytes = 64 * 1024 * 1024;

/** What one instance says of the groups that it was asked about. */
interface Told {
  readonly versions: ReadonlyMap<string, SnapshotVersions>;
  /** Groups about which it has said whatever it has to say. */
  readonly asked: ReadonlySet<string>;
  /** The same, and those of which it has said nothing that makes sense although it had all the time there is. */
  readonly tried: ReadonlySet<string>;
  readonly isGone: boolean;
}

/**
 * What every instance sends every group of Envoys, asked of all of them.
 *
 * Instances make up their versions at random and each for itself, so an Envoy has those of the instance that it is connected to,
 * and nothing tells which one that is. Where there are many groups, or large ones, each look asks about some of them.
 *
 * @see allegro/envoy-control envoy-control-core snapshot/SnapshotsVersions.kt
 */
export class SnapshotBook {
  readonly #secondsPerLook: number;
  readonly #turns = new Turns<string>();

  /** @param secondsPerLook that one instance may take for all that it is asked at one look */
  constructor(secondsPerLook: number) {
    this.#secondsPerLook = secondsPerLook;
  }

  /**
   * @param groups by name, with the node of one of its Envoys as JSON
   * @returns groups whose turn it was: all instances are asked about the same ones, each for itself
   */
  async ask(
    looks: readonly InstanceLook<unknown>[],
    groups: ReadonlyMap<string, string>,
  ): Promise<ReadonlyMap<string, GroupSnapshots>> {
    // Who has said nothing to the first question is not waited for again.
    const answering = looks.filter(({ failures: { metrics } }) => !metrics || isAnswer(metrics));
    const isHanging = looks.some(({ failures: { metrics } }) => metrics && !isAnswer(metrics) && !isGone(metrics));
    const due = new Map(
      this.#turns
        .order(groups.keys())
        .slice(0, mostGroups)
        .map((group) => [group, groups.get(group)!] as const),
    );
    const told = await Promise.all(answering.map(({ client }) => snapshotsOf(client, due, this.#secondsPerLook)));
    // One group that nobody can tell anything of does not stand before all others for ever.
    const tried = [...due.keys()].filter((group) => told.some((one) => one.tried.has(group)));
    this.#turns.pass(new Set(tried));
    return new Map(
      tried.map((group) => [
        group,
        {
          made: told.flatMap(({ versions }) => versions.get(group) ?? []),
          isWhole: !isHanging && told.every((one) => one.isGone || one.asked.has(group)),
        },
      ]),
    );
  }
}

async function snapshotsOf(client: EndpointClient, due: ReadonlyMap<string, string>, seconds: number): Promise<Told> {
  const versions = new Map<string, SnapshotVersions>();
  const asked = new Set<string>();
  const tried = new Set<string>();
  let failure: Failure | undefined;
  await client.within(seconds, async () => {
    let bytesLeft = mostBytes;
    for (const [group, posted] of due) {
      if (bytesLeft <= 0) return;
      try {
        const { value, bytes } = await client.json('/snapshot', { posted, mostBytes: mostAnswerBytes });
        bytesLeft -= bytes;
        tried.add(group);
        const read = readVersions(value);
        if (!read) continue;
        versions.set(group, read);
        asked.add(group);
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        failure = error;
        // What is cut off by the end of the look comes first at the next one.
        if (isAnswer(error) || tried.size === 0) tried.add(group);
        // Who does not answer is not waited for by every group.
        if (!isAnswer(error)) return;
        // A group that an instance knows nothing of has no snapshot there: 404.
        if (error.code === 'target-status') asked.add(group);
        if (error.code === 'body-too-large') bytesLeft -= mostAnswerBytes;
      }
    }
  });
  return { versions, asked, tried, isGone: failure !== undefined && isGone(failure) };
}

/** Nobody is connected to a process that is not there. */
function isGone({ code }: Failure): boolean {
  return code === 'target-unreachable';
}
