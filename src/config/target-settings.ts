import type { AccessSettings } from './access-settings.js';

/** Where addresses of targets come from. */
export type TargetListSettings =
  | { readonly kind: 'static'; readonly groups: readonly TargetGroup[] }
  | { readonly kind: 'files'; readonly paths: readonly string[]; readonly refreshSeconds: number }
  /** Every address of the names, all with one port. */
  | { readonly kind: 'dns'; readonly names: readonly string[]; readonly port: number; readonly refreshSeconds: number }
  | { readonly kind: 'http'; readonly url: string; readonly refreshSeconds: number; readonly access: AccessSettings };

/** Addresses with their common labels. */
export interface TargetGroup {
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}
