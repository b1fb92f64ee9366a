import { Failure } from '../../domain/failure.js';
import { type EndpointClient, isAnswer } from '../endpoint-client.js';
import { readVersions, type SnapshotVersions } from './envoy-control-answers.js';

/** What instances send one group of Envoys. */
export interface GroupSnapshots {
  /** One of each instance that has made any. */
  readonly made: readonly SnapshotVersions[];
  /** Whether no other instance could have sent it anything. */
  readonly isWhole: boolean;
}

/**
 * What every instance sends every group of Envoys, asked of all of them.
 *
 * Instances make up their versions at random and each for itself, so an Envoy has those of the instance that it is connected to,
 * and nothing tells which one that is.
 *
 * @param groups by name, with the node of one of its Envoys as JSON
 * @see allegro/envoy-control envoy-control-core snapshot/SnapshotsVersions.kt
 */
export async function askSnapshots(
  instances: readonly EndpointClient[],
  groups: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, GroupSnapshots>> {
  const told = await Promise.all(instances.map((client) => snapshotsOf(client, groups)));
  return new Map(
    [...groups.keys()].map((group) => [
      group,
      {
        made: told.flatMap(({ versions }) => versions.get(group) ?? []),
        isWhole: told.every(({ missing }) => !missing.has(group)),
      },
    ]),
  );
}

/** What one instance says; `missing` are groups about which it might have said something. */
async function snapshotsOf(
  client: EndpointClient,
  groups: ReadonlyMap<string, string>,
): Promise<{ readonly versions: ReadonlyMap<string, SnapshotVersions>; readonly missing: ReadonlySet<string> }> {
  const versions = new Map<string, SnapshotVersions>();
  const missing = new Set<string>();
  for (const [group, node] of groups) {
    try {
      const read = readVersions((await client.json('/snapshot', node)).value);
      if (read) versions.set(group, read);
      else missing.add(group);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      // Nobody is connected to a process that is not there.
      if (error.code === 'target-unreachable') return { versions, missing: new Set() };
      // Who does not answer is not waited for by every group.
      if (!isAnswer(error))
        return { versions, missing: new Set([...groups.keys()].filter((one) => !versions.has(one))) };
      // A group that an instance knows nothing of has no snapshot there: 404.
      if (error.code !== 'target-status') missing.add(group);
    }
  }
  return { versions, missing };
}
