import { z } from 'zod';
import { Failure } from '../../domain/failure.js';

/** One instance of a service as Consul has it. */
export interface RegisteredInstance {
  /** Unique in a datacenter: node and id of the registration. */
  readonly key: string;
  readonly id: string;
  readonly service: string;
  readonly node: string;
  readonly address: string;
  readonly port: number;
  readonly meta: Readonly<Record<string, string>>;
  readonly tags: readonly string[];
  /** Whether no check of it, and none of its node, is critical. */
  readonly isPassing: boolean;
  /** Name of the service that it is the sidecar of; undefined for what is none. */
  readonly sidecarOf: string | undefined;
}

const texts = z.record(z.string(), z.unknown()).nullish();

const entry = z.looseObject({
  Node: z.looseObject({ Node: z.string(), Address: z.string().nullish() }),
  Service: z.looseObject({
    ID: z.string(),
    Service: z.string(),
    Address: z.string().nullish(),
    Port: z.number().nullish(),
    Meta: texts,
    Tags: z.array(z.string()).nullish(),
    Kind: z.string().nullish(),
    Proxy: z.looseObject({ DestinationServiceName: z.string().nullish() }).nullish(),
  }),
  Checks: z.array(z.looseObject({ Status: z.string() })).nullish(),
});

/** Names of `/v1/catalog/services`, sorted; Consul's own is none of the user's. Throws Failure `body-malformed`. */
export function serviceNames(body: unknown): readonly string[] {
  const names = z.record(z.string(), z.unknown()).safeParse(body);
  if (!names.success) throw malformed('the list of services');
  return Object.keys(names.data)
    .filter((name) => name !== 'consul' && name !== '')
    .sort();
}

/**
 * The instances of `/v1/health/service/{name}`; those that make no sense are left out.
 *
 * @see https://developer.hashicorp.com/consul/api-docs/health#list-service-instances-for-service
 * @throws Failure `body-malformed` for what is no list
 */
export function instancesOf(body: unknown): readonly RegisteredInstance[] {
  if (!Array.isArray(body)) throw malformed('the list of instances');
  return body.flatMap((one) => {
    const { data } = entry.safeParse(one);
    if (!data) return [];
    const { Node: node, Service: service, Checks: checks } = data;
    const isSidecar = service.Kind === 'connect-proxy';
    const destination = service.Proxy?.DestinationServiceName;
    return [
      {
        key: JSON.stringify([node.Node, service.ID]),
        id: service.ID,
        service: service.Service,
        node: node.Node,
        // A service without an address is where its node is.
        address: service.Address || node.Address || '',
        port: service.Port ?? 0,
        meta: textsOf(service.Meta),
        tags: service.Tags ?? [],
        isPassing: (checks ?? []).every(({ Status }) => Status !== 'critical' && Status !== 'maintenance'),
        sidecarOf: isSidecar ? (destination ?? service.Service.replace(/-sidecar-proxy$/, '')) : undefined,
      },
    ];
  });
}

function textsOf(values: Readonly<Record<string, unknown>> | null | undefined): Readonly<Record<string, string>> {
  const entries = Object.entries(values ?? {}).filter(([, value]) => typeof value === 'string');
  return Object.fromEntries(entries) as Record<string, string>;
}

function malformed(what: string): Failure {
  return new Failure('body-malformed', `${what} is none that Consul gives`);
}
