/** `GET /api/v1/mesh-events?from=&to=&id=`: what happened to services and meshes, oldest first. */
export interface MeshEventList {
  readonly events: readonly MeshEventView[];
}

/** Something that happened once. */
export interface MeshEventView {
  readonly kind: 'deploy' | 'control-plane' | 'migration';
  readonly atSeconds: number;
  /** Id of the service that it happened to; null where it concerns a whole mesh. */
  readonly service: string | null;
  readonly summary: string;
  readonly facts: Readonly<Record<string, string>>;
}
