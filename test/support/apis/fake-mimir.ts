import { parse, stringify } from 'yaml';
import { type Asked, SmallApi, type Told } from './small-api.js';

type Group = Record<string, unknown> & { readonly name: string; readonly rules: readonly Record<string, unknown>[] };

interface Tenant {
  readonly namespaces: Map<string, Map<string, Group>>;
  alertmanager: string | undefined;
}

const yamlType = { 'content-type': 'application/yaml' };

/**
 * The parts of Cortex's and Mimir's HTTP API that keep a tenant's rules and Alertmanager configuration, with their refusals.
 *
 * @see https://cortexmetrics.io/docs/api/ and https://grafana.com/docs/mimir/latest/references/http-api/; what they say, and what they
 * count: pkg/ruler/api.go, pkg/ruler/ruler.go and pkg/alertmanager/api.go of cortexproject/cortex and grafana/mimir
 */
export class FakeMimir extends SmallApi {
  readonly tenants = new Map<string, Tenant>();
  readonly #rulePath: readonly string[];
  /** Mimir's defaults are 20 and 70. */
  limits = { rulesPerGroup: Infinity, groups: Infinity };
  /** Namespaces that nobody may change: `ruler_protected_namespaces` of Mimir. */
  readonly protectedNamespaces = new Set<string>();
  /** Of a tenant's Alertmanager configuration as it is sent; `alertmanager_max_config_size_bytes`. */
  mostConfigurationBytes = Infinity;
  readonly #api: 'cortex' | 'mimir';
  /** Mimir tells tenants what they may have; Cortex, and Mimirs behind some gateways, do not. */
  tellsLimits: boolean;

  constructor(api: 'cortex' | 'mimir') {
    super();
    this.#api = api;
    this.tellsLimits = api === 'mimir';
    this.#rulePath = api === 'cortex' ? ['api', 'v1', 'rules'] : ['prometheus', 'config', 'v1', 'rules'];
  }

  tenant(name: string): Tenant {
    const known = this.tenants.get(name) ?? { namespaces: new Map(), alertmanager: undefined };
    this.tenants.set(name, known);
    return known;
  }

  protected answer(asked: Asked): Told {
    const { path, headers } = asked;
    const name = headers['x-scope-orgid'];
    if (typeof name !== 'string') return { status: 401, body: 'no org id\n' };
    const tenant = this.tenant(name);
    const isRules = this.#rulePath.every((part, index) => path[index] === part);
    if (isRules) return this.#rules(tenant, asked, path.slice(this.#rulePath.length));
    if (path.join('/') === 'api/v1/alerts') return this.#alertmanager(tenant, asked);
    if (path.join('/') === 'api/v1/user_limits' && this.tellsLimits) return this.#limits();
    return { status: 404, body: '404 page not found\n' };
  }

  #limits(): Told {
    const told = (limit: number): number => (limit === Infinity ? 0 : limit);
    const { rulesPerGroup, groups } = this.limits;
    const body = {
      ingestion_rate: 10_000,
      ruler_max_rules_per_rule_group: told(rulesPerGroup),
      ruler_max_rule_groups_per_tenant: told(groups),
    };
    return { status: 200, body };
  }

  #rules(tenant: Tenant, { method, body }: Asked, [namespace, name]: readonly string[]): Told {
    const groups = namespace === undefined ? undefined : tenant.namespaces.get(namespace);
    if (method === 'GET' && name !== undefined) {
      const group = groups?.get(name);
      return group
        ? { status: 200, body: stringify(group), headers: yamlType }
        : { status: 404, body: 'group does not exist\n' };
    }
    if (method === 'GET') {
      const shown = [...tenant.namespaces].filter(([key, all]) => all.size > 0 && (namespace ?? key) === key);
      if (shown.length === 0) return this.#nothing();
      const text = stringify(Object.fromEntries(shown.map(([key, all]) => [key, [...all.values()]])));
      return { status: 200, body: text, headers: yamlType };
    }
    if (namespace !== undefined && this.protectedNamespaces.has(namespace)) {
      return { status: 403, body: 'namespace is protected, no modification allowed\n' };
    }
    if (method === 'POST' && namespace !== undefined && name === undefined)
      return this.#setGroup(tenant, namespace, body);
    if (method === 'DELETE' && name !== undefined) {
      return groups?.delete(name) === true
        ? { status: 202, body: { status: 'success' } }
        : { status: 404, body: 'group does not exist\n' };
    }
    return { status: 405, body: '' };
  }

  /** Mimir has told an empty tenant as 404, too, until 2.x. */
  #nothing(): Told {
    if (this.#api === 'cortex') return { status: 404, body: 'no rule groups found\n' };
    return { status: 200, body: '{}\n', headers: yamlType };
  }

  #setGroup(tenant: Tenant, namespace: string, body: string): Told {
    const group = parsed(body) as Partial<Group> | undefined;
    if (group === undefined || typeof group !== 'object') return { status: 400, body: 'unable to decode rule group\n' };
    if (group.name === undefined || group.name === '')
      return { status: 400, body: 'invalid rules config: rule group name must not be empty\n' };
    const rules = group.rules ?? [];
    if (rules.length === 0)
      return { status: 400, body: `invalid rules config: rule group '${group.name}' has no rules\n` };
    for (const { record, alert, expr } of rules) {
      if ((record === undefined) === (alert === undefined))
        return { status: 400, body: 'only one of record and alert must be set\n' };
      if (typeof expr !== 'string' || expr === '') return { status: 400, body: "field 'expr' must be set in rule\n" };
    }
    const { rulesPerGroup, groups } = this.limits;
    if (rules.length > rulesPerGroup) {
      const body = `per-user rules per rule group limit (limit: ${rulesPerGroup} actual: ${rules.length}) exceeded\n`;
      return { status: 400, body };
    }
    const all = tenant.namespaces.get(namespace) ?? new Map<string, Group>();
    // Of all namespaces, and one more for the one that is written, be it there already or not.
    const count = [...tenant.namespaces.values()].reduce((sum, { size }) => sum + size, 1);
    if (count > groups) {
      return { status: 400, body: `per-user rule groups limit (limit: ${groups} actual: ${count}) exceeded\n` };
    }
    all.set(group.name, asStored({ ...group, name: group.name, rules }));
    tenant.namespaces.set(namespace, all);
    // Stored, and in force a while later.
    return { status: 202, body: { status: 'success', data: null, errorType: '', error: '' } };
  }

  #alertmanager(tenant: Tenant, { method, body }: Asked): Told {
    if (method === 'GET') {
      if (tenant.alertmanager === undefined) return { status: 404, body: 'alertmanager storage object not found\n' };
      return { status: 200, body: tenant.alertmanager, headers: yamlType };
    }
    if (method === 'DELETE') {
      tenant.alertmanager = undefined;
      return { status: 200 };
    }
    if (Buffer.byteLength(body) > this.mostConfigurationBytes) {
      const why = `Alertmanager configuration is too big, limit: ${this.mostConfigurationBytes} bytes\n`;
      return { status: 400, body: why };
    }
    const stored = parsed(body) as { template_files?: object; alertmanager_config?: string } | undefined;
    const wrong = mistakeIn(stored?.alertmanager_config ?? '');
    if (wrong !== undefined) return { status: 400, body: `error validating Alertmanager config: ${wrong}\n` };
    tenant.alertmanager = stringify({
      template_files: stored!.template_files ?? {},
      alertmanager_config: stored!.alertmanager_config,
    });
    return { status: 201 };
  }
}

/** What comes back is another text with the same meaning. */
function asStored(group: Group): Group {
  const minutes = (text: unknown): unknown => (text === '60s' ? '1m' : text === '120s' ? '2m' : text);
  const rules = group.rules.map((rule) => ({ ...rule, ...('for' in rule && { for: minutes(rule['for']) }) }));
  const { interval, ...rest } = group;
  return { ...rest, ...(interval !== undefined && { interval: minutes(interval) }), rules };
}

function mistakeIn(text: string): string | undefined {
  if (text === '')
    return "configuration provided is empty, if you'd like to remove your configuration please use the delete configuration endpoint";
  const config = parsed(text) as { route?: { receiver?: string }; receivers?: { name: string }[] } | undefined;
  if (config?.route === undefined) return 'no route provided in config';
  const names = (config.receivers ?? []).map(({ name }) => name);
  if (!names.includes(config.route.receiver ?? ''))
    return `undefined receiver "${config.route.receiver ?? ''}" used in route`;
  // Mimir takes none that stand in the text either; Cortex minds files only.
  if (/\b(ca|cert|key)(_file)?: /.test(text))
    return 'setting TLS ca_file, cert_file, key_file, ca, cert or key is not allowed';
  const [file] = /\b[a-z_]+_file(?=:)/.exec(text) ?? [];
  if (file !== undefined) return `setting ${file} is not allowed`;
  return undefined;
}

function parsed(text: string): unknown {
  try {
    return parse(text) as unknown;
  } catch {
    return undefined;
  }
}
