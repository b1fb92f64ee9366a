/** How the services of a simulated mesh stand in a Consul. */
export interface MeshRegistry {
  readonly hasConsul: boolean;
  /** The one in which all services are: Envoys tell services by their names in Consul, which has none. */
  readonly namespace: string | undefined;
  /** Envoys whose clusters are the services of the registry. */
  readonly envoys: number;
}

/** The registry of a mesh, by the name that the demo knows it by: WePay's Linkerds had one, and Allegro's Envoys. */
export function registryOf(mesh: string): MeshRegistry {
  switch (mesh) {
    case 'envoy':
    case 'consul':
      return { hasConsul: true, namespace: 'default', envoys: 2 };
    case 'linkerd1':
    case 'linkerd1-daemonset':
      return { hasConsul: true, namespace: undefined, envoys: 0 };
    default:
      return { hasConsul: false, namespace: undefined, envoys: 0 };
  }
}
