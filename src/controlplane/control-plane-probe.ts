import type { FailureCode } from '../domain/failure.js';
import type { MeshEvent } from '../domain/mesh-event.js';
import type { Answer, Judgement } from './answer.js';
import type {
  CertificateState,
  InstanceState,
  PushState,
  SyncState,
  VersionState,
  WarmingState,
} from './control-plane-state.js';
import type { EndpointSet } from './endpoint-set.js';
import type { InstanceLook } from './instance-watch.js';
import type { Unseen } from './silence.js';
import type { UnreadSync } from './sync-reading.js';

/** What one kind of control plane has told in one look: an answer to every question, if only why there is none. */
export interface ControlPlaneSight {
  readonly instances: readonly SeenInstance[];
  readonly sync: Answer<SyncState>;
  /** Why that, or a part of it, is not told although it should be; undefined where it is, or never will be. */
  readonly unreadSync?: UnreadSync | undefined;
  readonly versions: Answer<VersionState>;
  readonly certificates: Answer<readonly CertificateState[]>;
  readonly pushes: Answer<PushState>;
  readonly differences: Answer<readonly string[]>;
  readonly warming: Answer<WarmingState>;
  /** What is wrong and is no answer to any of these. */
  readonly more?: readonly Judgement[];
  /** Findings that could not be looked at although their kind was: one proxy of many is silent. */
  readonly unseen?: readonly Unseen[];
  readonly events?: readonly MeshEvent[];
}

/** An instance that was looked at, and what its kind tells of itself. */
export interface SeenInstance {
  readonly look: InstanceLook<unknown>;
  readonly own: Partial<Omit<InstanceState, 'address' | 'health' | 'trouble'>>;
}

/** What is particular to one kind of control plane: whom it asks for what, and what their answers mean. */
export interface ControlPlaneProbe {
  /** Everybody who is asked; the instances come first. */
  readonly sets: readonly EndpointSet[];
  /** What to configure where nobody is let in. */
  howToAsk(code: FailureCode): string;
  /** Never throws for what anybody answers. */
  look(): Promise<ControlPlaneSight>;
}
