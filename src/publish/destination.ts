import type { EpochSeconds } from '../domain/clock.js';
import type { Failure } from '../domain/failure.js';
import type { DesiredObject, ObjectKind } from './desired-object.js';

/** What meshslo writes on everything that it puts somewhere, so that it knows it again without a memory of its own. */
export interface Mark {
  /** Whose it is: several may publish to one place. */
  readonly set: string;
  /** Of the content that was written. */
  readonly digest: string;
  /** Since when nobody wants it any more, to the minute; undefined while somebody does. */
  readonly retiredSince: EpochSeconds | undefined;
}

/** Something that is in a place now. */
export interface LiveObject {
  readonly kind: ObjectKind;
  readonly identity: string;
  /** What people call it, where that is something else. */
  readonly title?: string;
  /** Undefined: somebody else's. */
  readonly mark: Mark | undefined;
  /** Whether nobody has changed it since it was marked. */
  readonly isAsWritten: boolean;
  /** Of its content now; comparable with that of a {@link DesiredObject}. */
  readonly digest: string;
  /** Its content as {@link DesiredObject.content} would be. */
  readonly content: string;
  /** What a later write names, so that it replaces exactly this: a version, a digest. */
  readonly revision: string;
  /** Whether it goes at once when nobody wants it any more: what it holds may be elsewhere by now, and both would count. */
  readonly goesAtOnce?: boolean;
}

/** One thing to be done to one object. All but `create` replace or remove exactly the live object that they name. */
export type Change =
  | { readonly act: 'create'; readonly object: DesiredObject; readonly mark: Mark }
  | { readonly act: 'replace'; readonly object: DesiredObject; readonly mark: Mark; readonly live: LiveObject }
  | { readonly act: 'mark'; readonly mark: Mark; readonly live: LiveObject }
  | { readonly act: 'remove'; readonly live: LiveObject };

/** How a change ended: without a failure, it is done. */
export interface Ending {
  readonly change: Change;
  readonly failure: Failure | undefined;
  /** Not tried at all: the failure is that of others before it. */
  readonly isSkipped?: boolean;
}

/**
 * A place that objects are put into. One meaning, one test suite (test/publish/destination-contract.ts).
 *
 * Whatever has no mark of the own set is somebody else's: it is never written, marked or removed.
 */
export interface Destination {
  /** Unique among the destinations of a configuration: `grafana https://grafana.example`. */
  readonly name: string;
  /**
   * All that is ours there, and of `wanted` also what is somebody else's; each once, in no order.
   *
   * @param wanted objects that are about to be put there
   * @throws Failure where not everything could be looked at
   */
  look(wanted: readonly DesiredObject[]): AsyncIterable<LiveObject>;
  /** What the last look went on without, in sentences; left out where there is no such thing. */
  remarks?(): readonly string[];
  /** One object as it is now, whose ever it is; undefined where there is none. */
  read(kind: ObjectKind, identity: string): Promise<LiveObject | undefined>;
  /**
   * Does all of it, or says of each change why not; a failure of one keeps no other from being done.
   *
   * An object that is no longer the one a change names is left alone: `conflict`. So is one that is there already where
   * a change was to create it.
   *
   * @param onEnding told of each as it ends
   */
  carryOut(changes: readonly Change[], onEnding: (ending: Ending) => void): Promise<readonly Ending[]>;
  /**
   * Does what has to follow a change before it is in force, such as a reload; called after every run. Left out where nothing has to.
   *
   * @returns a sentence of what was done; undefined where nothing was owed
   * @throws Failure where it did not work; it is owed until it does
   */
  settle?(): Promise<string | undefined>;
  /** Lets go of connections. */
  close(): Promise<void>;
}

/** What a change is about. */
export function changedObject(change: Change): Pick<DesiredObject, 'kind' | 'identity' | 'title'> {
  return 'object' in change ? change.object : change.live;
}
