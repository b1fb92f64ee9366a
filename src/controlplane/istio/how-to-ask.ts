import type { FailureCode } from '../../domain/failure.js';

/**
 * What to configure so that istiod answers `/debug/syncz`; it asks for it since 1.27.6, 1.28.4 and 1.29.0.
 *
 * @see istio/istio pilot/pkg/xds/debug.go allowAuthenticatedOrLocalhost, statusgen.go callerNamespaceFilter
 */
export function howToAsk(code: FailureCode): string {
  switch (code) {
    case 'unauthenticated':
      return (
        'Name a token of a service account under control_planes: instances: authorization: bearer_token_file; ' +
        'it must be a projected one with audience istio-ca.'
      );
    case 'forbidden':
      return (
        'Run meshslo with a service account of the root namespace (istio-system), or add its namespace to ' +
        'DEBUG_ENDPOINT_AUTH_ALLOWED_NAMESPACES of istiod (1.27.8, 1.28.6, 1.29.1 and later).'
      );
    default:
      return 'Mount the token that control_planes: instances: authorization: bearer_token_file names, so that meshslo can read it.';
  }
}
