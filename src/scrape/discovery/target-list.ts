import type { TargetGroup } from '../../config/target-settings.js';

/** One place that addresses of targets come from: a list in the configuration, a file, an HTTP endpoint. */
export interface TargetList {
  readonly kind: 'static' | 'file' | 'dns' | 'http';
  /** How people know it: a path, an address. */
  readonly name: string;
  readonly refreshSeconds: number;
  /**
   * The groups as they are now; the same array while nothing has changed.
   *
   * @throws Failure when the place cannot be read or makes no sense
   */
  read(): Promise<readonly TargetGroup[]>;
  close(): void;
}

/** A list that stands in the configuration. */
export function staticTargetList(groups: readonly TargetGroup[]): TargetList {
  // Read once per interval of confirmation: a list that cannot change is still confirmed, again and again.
  return {
    kind: 'static',
    name: 'static targets',
    refreshSeconds: 5,
    read: () => Promise.resolve(groups),
    close: () => undefined,
  };
}
