import type { EpochSeconds } from '../domain/clock.js';

/** What was seen of a service in traffic. */
export interface SeenTraffic {
  /** When its newest request was counted, to some minutes; undefined where none was in the last hours. */
  readonly lastRequestAt: EpochSeconds | undefined;
  /** Whether it has SLOs. */
  readonly hasSlos: boolean;
  /** Whether anything was ever counted for any of these. */
  readonly hasData: boolean;
  readonly owner: string | undefined;
  readonly mesh: string | undefined;
  /** Requests to it went through its own proxy. */
  readonly isServedInMesh: boolean;
}
