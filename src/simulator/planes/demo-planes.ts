import type { MeshModel } from '../mesh-model.js';
import type { DataPlane } from './data-plane.js';
import { EnvoyPlane } from './envoy-plane.js';
import { Linkerd1Plane } from './linkerd1-plane.js';
import { Linkerd2Plane } from './linkerd2-plane.js';
import { NginxPlane } from './nginx-plane.js';
import { SidecarPlane } from './sidecar-plane.js';
import { WaypointPlane } from './waypoint-plane.js';
import { ZtunnelPlane } from './ztunnel-plane.js';

/** Proxies of one kind, and what a product would scrape them as. */
export interface NamedPlane {
  /** Name of the job and of its list of targets. */
  readonly job: string;
  /** Name of the signal pack. */
  readonly pack: string;
  readonly plane: DataPlane;
}

const meshes: Readonly<Record<string, () => readonly NamedPlane[]>> = {
  istio: () => [{ job: 'sidecars', pack: 'istio', plane: new SidecarPlane() }],
  ambient: () => [
    { job: 'waypoints', pack: 'istio-ambient', plane: new WaypointPlane() },
    { job: 'ztunnels', pack: 'ztunnel', plane: new ZtunnelPlane() },
  ],
  linkerd2: () => [{ job: 'proxies', pack: 'linkerd2', plane: new Linkerd2Plane() }],
  linkerd1: () => [{ job: 'sidecars', pack: 'linkerd1', plane: new Linkerd1Plane('sidecar') }],
  'linkerd1-daemonset': () => [{ job: 'nodes', pack: 'linkerd1', plane: new Linkerd1Plane('daemonset') }],
  envoy: () => [{ job: 'envoys', pack: 'envoy', plane: new EnvoyPlane() }],
  // Envoys that learn of their clusters from Consul tell the same as those under envoy-control.
  consul: () => [{ job: 'envoys', pack: 'envoy', plane: new EnvoyPlane() }],
  nginx: () => [{ job: 'controllers', pack: 'nginx-ingress', plane: new NginxPlane() }],
};

/** The proxies of a mesh by the name that the demo knows it by; undefined for one that it does not know. */
export function planesOf(mesh: string): readonly NamedPlane[] | undefined {
  return Object.hasOwn(meshes, mesh) ? meshes[mesh]!() : undefined;
}

/** The model as another mesh than Istio has it: the gateway is anybody's, and NGINX is all there is in front of a service. */
export function modelFor(mesh: string, model: MeshModel): MeshModel {
  if (mesh === 'istio') return model;
  const renamed = (name: string): string => name.replace('istio-ingressgateway', 'gateway');
  return {
    ...model,
    services: model.services.map((service) => ({
      ...service,
      name: renamed(service.name),
      app: renamed(service.app),
      proxied: mesh === 'nginx' || service.proxied,
    })),
    edges: model.edges.map((edge) => ({
      ...edge,
      source: mesh === 'nginx' || edge.source === undefined ? undefined : renamed(edge.source),
      destination: renamed(edge.destination),
    })),
  };
}
