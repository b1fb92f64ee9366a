import type { ResourceIndex, ResourceView } from '../api-types/resource.js';
import { sendJson } from '../json-reply.js';
import type { Route } from '../route.js';
import { type MountedRoute, openApiDocument, openApiPath } from './document.js';

/**
 * What the API says of itself.
 *
 * @param routes asked for at each request: these two are among them
 */
export function descriptionRoutes(routes: () => readonly MountedRoute[], version: string): readonly Route[] {
  return [
    {
      method: 'get',
      path: '/',
      summary: 'What can be asked for.',
      answer: 'ResourceIndex',
      handle: async (request, response) => {
        const resources = routes().map(resourceView);
        await sendJson(request, response, {
          version,
          openapi: '/api/v1/openapi.json',
          resources,
        } satisfies ResourceIndex);
      },
    },
    {
      method: 'get',
      path: '/openapi.json',
      summary: 'This API as an OpenAPI 3.1 document.',
      answer: { mediaType: 'application/json' },
      handle: async (request, response) => {
        await sendJson(request, response, openApiDocument(routes(), version));
      },
    },
  ];
}

function resourceView({ base, route }: MountedRoute): ResourceView {
  const method = route.method.toUpperCase() as ResourceView['method'];
  return { method, path: openApiPath(base + route.path), summary: route.summary };
}
