/** `GET /api/v1/`: what can be asked for. */
export interface ResourceIndex {
  readonly version: string;
  /** Where the OpenAPI document is. */
  readonly openapi: string;
  readonly resources: readonly ResourceView[];
}

export interface ResourceView {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** With `{names}` of what goes into it. */
  readonly path: string;
  readonly summary: string;
}

/** `GET /readyz` */
export interface Readiness {
  readonly ready: boolean;
  /** Why there is nothing to show yet; left out for whom a token would be asked. */
  readonly reasons?: readonly string[];
}
