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

/** `Istio istio-eu-1`; one that is called what it is, is called it once. */
export function titleOf({ title, name }: Scope): string {
  return title.toLowerCase() === name.toLowerCase() ? title : `${title} ${name}`;
}
