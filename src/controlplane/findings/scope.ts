import type { ControlPlaneKind } from '../../packs/control-plane-pack.js';

/** Which control plane a finding is about. */
export interface Scope {
  readonly name: string;
  readonly kind: ControlPlaneKind;
  readonly title: string;
  readonly cluster: string;
  /** Who acts for the control plane itself. */
  readonly owner: string | undefined;
}

/** What every finding about it has in its subject. */
export function subjectOf({ name, kind, cluster }: Scope): Readonly<Record<string, string>> {
  return { control_plane: name, mesh: kind, cluster };
}
