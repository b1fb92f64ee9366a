import type { EpochSeconds } from '../domain/clock.js';
import { type DesiredObject, objectKey } from './desired-object.js';
import type { Change, Destination, LiveObject, Mark } from './destination.js';

/**
 * How an object that is wanted, or was, stands to what is there.
 *
 * `same`: as it is wanted. `new`, `changed`, `returned`: to be written; the last was retired. `retiring`: nobody wants it any
 * more as of now. `retired`: since a while, and waits for its time. `gone`: its time is over. `edited`: somebody has changed
 * it. `taken`: somebody else's has its name.
 */
export type Standing = 'same' | 'new' | 'changed' | 'returned' | 'retiring' | 'retired' | 'gone' | 'edited' | 'taken';

/** One object, and what is to become of it. */
export interface PlannedObject {
  readonly standing: Standing;
  readonly kind: DesiredObject['kind'];
  readonly identity: string;
  readonly title?: string;
  /** Undefined where nothing is to be done, or may be. */
  readonly change: Change | undefined;
  /** Undefined where nobody wants it. */
  readonly desired: DesiredObject | undefined;
  readonly live: LiveObject | undefined;
}

/** What is to be done to one destination. */
export interface Plan {
  readonly destination: Destination;
  /** By kind and identity; what is as it is wanted is counted only. */
  readonly objects: readonly PlannedObject[];
  readonly same: number;
  /** What the look went on without, in sentences. */
  readonly remarks: readonly string[];
}

export interface PlanOptions {
  /** Whose things they are. */
  readonly set: string;
  readonly now: EpochSeconds;
  /** How long something stays after nobody wants it any more. */
  readonly graceSeconds: number;
  /** Write over what people have changed of ours; never over what is not ours. */
  readonly overwriteEdits: boolean;
}

/**
 * Compares what is wanted with what is there.
 *
 * @throws Failure where the destination could not be looked at
 */
export async function planOf(
  destination: Destination,
  desired: readonly DesiredObject[],
  options: PlanOptions,
): Promise<Plan> {
  const unseen = new Map(desired.map((object) => [objectKey(object), object]));
  const objects: PlannedObject[] = [];
  let same = 0;
  for await (const live of destination.look(desired)) {
    const object = unseen.get(objectKey(live));
    unseen.delete(objectKey(live));
    const planned = object === undefined ? unwanted(live, options) : wanted(object, live, options);
    if (planned === undefined) continue;
    if (planned.standing === 'same') same += 1;
    else objects.push(planned);
  }
  for (const object of unseen.values()) {
    const change = { act: 'create', object, mark: markOf(object.digest, options) } as const;
    objects.push(planned('new', { desired: object, live: undefined, change }));
  }
  const order = (one: PlannedObject): string => objectKey(one);
  const remarks = destination.remarks?.() ?? [];
  return { destination, same, remarks, objects: objects.sort((a, b) => (order(a) < order(b) ? -1 : 1)) };
}

function wanted(object: DesiredObject, live: LiveObject, options: PlanOptions): PlannedObject {
  const { mark } = live;
  const pair = { desired: object, live };
  if (mark?.set !== options.set) return planned('taken', { ...pair, change: undefined });
  const change = { act: 'replace', object, live, mark: markOf(object.digest, options) } as const;
  const isWanted = live.digest === object.digest || (live.isAsWritten && mark.digest === object.digest);
  if (isWanted && mark.retiredSince === undefined) return planned('same', { ...pair, change: undefined });
  if (!live.isAsWritten && !isWanted) {
    return planned('edited', { ...pair, change: options.overwriteEdits ? change : undefined });
  }
  return planned(mark.retiredSince === undefined ? 'changed' : 'returned', { ...pair, change });
}

/** Undefined for what is none of our business. */
function unwanted(live: LiveObject, options: PlanOptions): PlannedObject | undefined {
  const { mark } = live;
  if (mark?.set !== options.set) return undefined;
  const { now, graceSeconds } = options;
  const pair = { desired: undefined, live };
  const remove = { act: 'remove', live } as const;
  if (!live.isAsWritten && !options.overwriteEdits) return planned('edited', { ...pair, change: undefined });
  if (mark.retiredSince !== undefined) {
    const isOver = now >= mark.retiredSince + graceSeconds;
    return isOver ? planned('gone', { ...pair, change: remove }) : planned('retired', { ...pair, change: undefined });
  }
  if (graceSeconds === 0 || live.goesAtOnce) return planned('gone', { ...pair, change: remove });
  const retiredSince = Math.floor(now / 60) * 60;
  return planned('retiring', { ...pair, change: { act: 'mark', live, mark: { ...mark, retiredSince } } });
}

function markOf(digest: string, { set }: PlanOptions): Mark {
  return { set, digest, retiredSince: undefined };
}

function planned(
  standing: Standing,
  { desired, live, change }: Pick<PlannedObject, 'desired' | 'live' | 'change'>,
): PlannedObject {
  const { kind, identity, title = live?.title } = (desired ?? live)!;
  return { standing, kind, identity, ...(title !== undefined && { title }), desired, live, change };
}

/** Whether there is anything that a run would do, or that a person has to decide. */
export function differs({ standing }: PlannedObject): boolean {
  return standing !== 'same' && standing !== 'retired';
}
