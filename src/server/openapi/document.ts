import { STATUS_CODES } from 'node:http';
import { sessionCookie } from '../guard.js';
import type { Route } from '../route.js';
import { schemas } from './schemas.js';

/** Statuses that every route may answer with. */
const commonProblems = [401, 429, 500];

/** A route, and where it hangs: `/api/v1`, or nothing. */
export interface MountedRoute {
  readonly base: string;
  readonly route: Route;
}

/**
 * The API as an OpenAPI document: its paths from the routes themselves, its schemas from the types that they answer with.
 *
 * @see https://spec.openapis.org/oas/v3.1.1.html
 */
export function openApiDocument(routes: readonly MountedRoute[], version: string) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const { base, route } of routes) {
    const path = base + openApiPath(route.path);
    paths[path] = { ...paths[path], [route.method]: operation(base + route.path, route) };
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'meshslo',
      version,
      description:
        'SLOs of services on a mesh. Moments are seconds since the Unix epoch, ratios lie in [0, 1], what is unknown is null. ' +
        'A method that a path does not list is answered as MethodNotAllowed.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    // Nothing at all is asked for on loopback without tokens.
    security: [{ token: [] }, { session: [] }, {}],
    paths,
    components: {
      schemas,
      responses: { MethodNotAllowed: methodNotAllowed },
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: sessionCookie },
      },
    },
  };
}

/** `/slos/{cluster}` for `/slos/:cluster`. */
export function openApiPath(path: string): string {
  return path.replace(/:(\w+)/g, '{$1}');
}

function operation(path: string, { method, summary, query = [], body, answer, elseStatus, problems = [] }: Route) {
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const inQuery = query.map(({ name, description }) => ({
    name,
    in: 'query',
    description,
    schema: { type: 'string' },
  }));
  const parameters = [...inPath, ...inQuery];
  return {
    operationId: operationId(method, path),
    summary,
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: reference(body) } } } }),
    responses: {
      200: { description: 'The answer.', content: contentOf(answer) },
      ...(elseStatus ? { [elseStatus]: { description: 'Not so.', content: contentOf(answer) } } : {}),
      ...Object.fromEntries(
        [...commonProblems, ...problems].sort((a, b) => a - b).map((status) => [status, problem(status)]),
      ),
    },
  };
}

/** `getSlosByClusterByNamespace`. */
function operationId(method: string, path: string): string {
  const words = path
    .replace(/^\/api\/v1/, '')
    .split(/\W*\/\W*/)
    .filter(Boolean);
  const parameters = new Set([...path.matchAll(/:(\w+)/g)].map(([, name]) => name));
  const named = words.map((word) => (parameters.has(word) ? `By${capital(word)}` : capital(word.replace(/\W/g, ''))));
  return `${method}${named.join('') || 'Index'}`;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function contentOf(answer: Route['answer']) {
  if (typeof answer !== 'string') return { [answer.mediaType]: {} };
  return { 'application/json': { schema: reference(answer) } };
}

function problem(status: number) {
  const description = STATUS_CODES[status] ?? 'Error';
  return { description, content: { 'application/problem+json': { schema: reference('Problem') } } };
}

/** Belongs to the methods that a path does not have, so no operation can name it. */
const methodNotAllowed = {
  ...problem(405),
  headers: { Allow: { description: 'The methods that there are.', schema: { type: 'string' } } },
};

function reference(name: string) {
  return { $ref: `#/components/schemas/${name}` };
}
