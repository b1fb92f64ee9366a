import type { RegistrySync } from '../catalog/registry/sync-delays.js';
import type { ControlPlaneState } from '../controlplane/control-plane-state.js';
import type { ControlPlaneList } from './api-types/control-plane.js';
import { controlPlaneView } from './control-plane-view.js';
import { sendJson } from './json-reply.js';
import type { Route } from './route.js';

/** Knows the control planes, and how they were when they were looked at last. */
export interface ControlPlaneReader {
  readonly count: number;
  states(): readonly ControlPlaneState[];
}

/** Knows how late Envoys learn of what changes in registries. */
export interface RegistryReader {
  registrySync(): readonly RegistrySync[];
}

/** How control planes are. */
export function controlPlaneRoutes(reader: ControlPlaneReader, registries: RegistryReader): readonly Route[] {
  return [
    {
      method: 'get',
      path: '/control-planes',
      summary: 'Every control plane: instances, sync, versions, certificates, pushes.',
      answer: 'ControlPlaneList',
      handle: async (request, response) => {
        const list: ControlPlaneList = {
          controlPlanes: reader.states().map(controlPlaneView),
          configured: reader.count,
          registries: registries.registrySync(),
        };
        await sendJson(request, response, list);
      },
    },
  ];
}
