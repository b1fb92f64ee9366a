import type { FindingSource } from '../domain/finding-source.js';
import type { ControlPlaneState } from './control-plane-state.js';

/** Looks at one control plane: finds trouble, and keeps what it saw for the page and for metrics. */
export interface ControlPlaneCollector extends FindingSource {
  /** Undefined before the first look. */
  readonly state: ControlPlaneState | undefined;
  /** Ends all connections. */
  close(): void;
}
