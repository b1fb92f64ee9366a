import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import {
  alertmanagerConfigSpecSchema,
  grafanaDashboardSpecSchema,
  prometheusRuleSpecSchema,
} from './operator-schemas.js';
import { type Asked, SmallApi, type Told } from './small-api.js';

export interface Stored {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Readonly<Record<string, unknown>> & {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [part: string]: unknown;
}

interface Kind {
  readonly kind: string;
  readonly path: string;
  /** What its `spec` may hold. The API drops unknown fields without a word; here they are mistakes. */
  readonly spec?: z.ZodType;
}

const builtIn: readonly Kind[] = [{ kind: 'ConfigMap', path: 'api/v1/configmaps' }];

const operators: readonly Kind[] = [
  {
    kind: 'PrometheusRule',
    path: 'apis/monitoring.coreos.com/v1/prometheusrules',
    spec: prometheusRuleSpecSchema,
  },
  {
    kind: 'AlertmanagerConfig',
    path: 'apis/monitoring.coreos.com/v1alpha1/alertmanagerconfigs',
    spec: alertmanagerConfigSpecSchema,
  },
  {
    kind: 'GrafanaDashboard',
    path: 'apis/grafana.integreatly.org/v1beta1/grafanadashboards',
    spec: grafanaDashboardSpecSchema,
  },
];

/**
 * The part of a Kubernetes API that keeps objects of a namespace, with its refusals.
 *
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/
 */
export class FakeKubernetes extends SmallApi {
  readonly namespaces = new Set(['monitoring']);
  readonly objects = new Map<string, Stored>();
  token = 'right';
  /** `delete configmaps` and the like, that the token has no right to. */
  readonly forbidden = new Set<string>();
  hasOperators = true;
  /** Lists longer than this come in pieces. */
  pageSize = Infinity;
  #version = 100;

  find(kind: string, name: string): Stored | undefined {
    return this.objects.get(`${kind} ${name}`);
  }

  /** Somebody writes an object. */
  put(kind: string, object: Omit<Stored, 'apiVersion' | 'kind'>): void {
    this.#store({ apiVersion: 'x', kind, ...object } as Stored);
  }

  protected answer(asked: Asked): Told {
    if (asked.headers.authorization !== `Bearer ${this.token}`) return status(401, 'Unauthorized', 'Unauthorized');
    const { path, method } = asked;
    const place = path.indexOf('namespaces');
    const [namespace = '', plural = '', name] = path.slice(place + 1);
    const kinds = [...builtIn, ...(this.hasOperators ? operators : [])];
    const full = [...path.slice(0, place), plural].join('/');
    const kind = kinds.find((one) => one.path === full);
    // In plain text: that "the server could not find the requested resource" is what clients of Go make of it.
    if (place < 0 || !kind) return { status: 404, body: '404 page not found\n' };
    const verb =
      { GET: name === undefined ? 'list' : 'get', POST: 'create', PUT: 'update', DELETE: 'delete' }[method] ?? '';
    if (this.forbidden.has(`${verb} ${plural}`)) {
      const what = `${plural} is forbidden: User "system:serviceaccount:monitoring:meshslo" cannot ${verb} resource "${plural}"`;
      return status(403, what, 'Forbidden');
    }
    if (method === 'GET') return name === undefined ? this.#list(kind, asked.query) : this.#get(kind, plural, name);
    if (method === 'POST') return this.#create(kind, plural, namespace, asked.body);
    if (method === 'PUT' && name !== undefined) return this.#replace(kind, plural, [namespace, name], asked.body);
    if (method === 'DELETE' && name !== undefined) return this.#delete(kind, plural, name, asked.body);
    return status(405, 'the server does not allow this method on the requested resource', 'MethodNotAllowed');
  }

  #list({ kind }: Kind, query: URLSearchParams): Told {
    const wanted = (query.get('labelSelector') ?? '').split(',').map((one) => one.split('='));
    const all = [...this.objects.values()].filter((object) => {
      const { labels = {} } = object.metadata;
      return object.kind === kind && wanted.every(([key = '', value]) => key === '' || labels[key] === value);
    });
    const from = Number(query.get('continue') ?? 0);
    const size = Math.min(this.pageSize, Number(query.get('limit') ?? Infinity));
    const next = from + size < all.length ? String(from + size) : undefined;
    const metadata = { resourceVersion: String(this.#version), ...(next !== undefined && { continue: next }) };
    return { status: 200, body: { kind: `${kind}List`, metadata, items: all.slice(from, from + size) } };
  }

  #get({ kind }: Kind, plural: string, name: string): Told {
    const object = this.find(kind, name);
    return object ? { status: 200, body: object } : notFound(plural, name);
  }

  #create(kind: Kind, plural: string, namespace: string, body: string): Told {
    const object = JSON.parse(body) as Stored;
    if (!this.namespaces.has(namespace)) return status(404, `namespaces "${namespace}" not found`, 'NotFound');
    const wrong = misplaced(object, namespace) ?? mistakeIn(object, kind);
    if (wrong) return wrong;
    const { name } = object.metadata;
    if (this.find(kind.kind, name)) return status(409, `${plural} "${name}" already exists`, 'AlreadyExists');
    return { status: 201, body: this.#store(object) };
  }

  #replace(kind: Kind, plural: string, [namespace, name]: readonly [string, string], body: string): Told {
    const object = JSON.parse(body) as Stored;
    const wrong = misplaced(object, namespace, name);
    if (wrong) return wrong;
    const before = this.find(kind.kind, name);
    if (!before) return notFound(plural, name);
    const { resourceVersion: version, uid } = object.metadata;
    if (version === undefined && kind.spec !== undefined) {
      const why = 'metadata.resourceVersion: Invalid value: 0x0: must be specified for an update';
      return invalid(kind.kind, name, why);
    }
    if (version !== undefined && version !== before.metadata['resourceVersion']) return changed(plural, name);
    if (uid !== undefined && uid !== before.metadata['uid']) return changed(plural, name);
    return mistakeIn(object, kind) ?? frozen(object, before) ?? { status: 200, body: this.#store(object) };
  }

  #delete({ kind }: Kind, plural: string, name: string, body: string): Told {
    const before = this.find(kind, name);
    if (!before) return notFound(plural, name);
    const { preconditions = {} } = JSON.parse(body || '{}') as { preconditions?: Record<string, string> };
    for (const key of ['uid', 'resourceVersion']) {
      if (preconditions[key] !== undefined && preconditions[key] !== before.metadata[key]) return changed(plural, name);
    }
    this.objects.delete(`${kind} ${name}`);
    return { status: 200, body: { kind: 'Status', status: 'Success' } };
  }

  #store(object: Stored): Stored {
    const key = `${object.kind} ${object.metadata.name}`;
    const before = this.objects.get(key);
    this.#version += 1;
    const metadata = {
      ...object.metadata,
      namespace: 'monitoring',
      uid: before?.metadata['uid'] ?? randomUUID(),
      resourceVersion: String(this.#version),
      creationTimestamp: before?.metadata['creationTimestamp'] ?? '2026-11-21T00:00:00Z',
    };
    const stored = { ...object, metadata };
    this.objects.set(key, stored);
    return stored;
  }
}

/** What stands in an object and in the address that it is sent to must be the same. */
function misplaced({ metadata }: Stored, namespace: string, name = metadata.name): Told | undefined {
  const other = metadata['namespace'];
  if (other !== undefined && other !== namespace) {
    const why = 'the namespace of the provided object does not match the namespace sent on the request';
    return status(400, why, 'BadRequest');
  }
  if (metadata.name === name) return undefined;
  const why = `the name of the object (${metadata.name}) does not match the name on the URL (${name})`;
  return status(400, why, 'BadRequest');
}

function mistakeIn({ metadata, ...parts }: Stored, { kind, spec }: Kind): Told | undefined {
  const { name, labels = {} } = metadata;
  if (!/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/.test(name))
    return invalid(kind, name, 'metadata.name: a lowercase RFC 1123 subdomain must consist of ...');
  const bad = Object.entries(labels).find(
    ([, value]) => !/^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/.test(value),
  );
  if (bad) return invalid(kind, name, `metadata.labels: Invalid value: "${bad[1]}"`);
  const read = spec?.safeParse(parts['spec']);
  if (read?.success === false) {
    const [{ path, message } = { path: [], message: '' }] = read.error.issues;
    return invalid(kind, name, `spec.${path.join('.')}: Invalid value: ${message}`);
  }
  const bytes = Buffer.byteLength(JSON.stringify(parts['data'] ?? {}));
  if (kind === 'ConfigMap' && bytes > 1024 ** 2)
    return invalid(kind, name, '[]: Too long: may not be more than 1048576 bytes');
  return undefined;
}

/** What cannot be changed once it is there. */
function frozen(object: Stored, before: Stored): Told | undefined {
  const isSame = (part: string): boolean => JSON.stringify(object[part]) === JSON.stringify(before[part]);
  const { name } = before.metadata;
  if (before['immutable'] === true && !(isSame('data') && isSame('immutable'))) {
    return invalid(before.kind, name, 'data: Forbidden: field is immutable when `immutable` is set');
  }
  const selector = ({ spec }: Stored): string =>
    JSON.stringify((spec as { instanceSelector?: unknown } | undefined)?.instanceSelector);
  if (before.kind === 'GrafanaDashboard' && selector(object) !== selector(before)) {
    return invalid(
      before.kind,
      name,
      'spec.instanceSelector: Invalid value: "object": spec.instanceSelector is immutable',
    );
  }
  return undefined;
}

function status(code: number, message: string, reason: string): Told {
  return {
    status: code,
    body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code },
  };
}

function notFound(plural: string, name: string): Told {
  return status(404, `${plural} "${name}" not found`, 'NotFound');
}

function changed(plural: string, name: string): Told {
  const why = 'the object has been modified; please apply your changes to the latest version and try again';
  return status(409, `Operation cannot be fulfilled on ${plural} "${name}": ${why}`, 'Conflict');
}

function invalid(kind: string, name: string, why: string): Told {
  return status(422, `${kind} "${name}" is invalid: ${why}`, 'Invalid');
}
