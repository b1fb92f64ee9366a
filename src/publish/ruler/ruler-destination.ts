import { parse, stringify } from 'yaml';
import { z } from 'zod';
import type { RulerSettings } from '../../config/publishing.js';
import { Failure } from '../../domain/failure.js';
import { objectivesGroup } from '../../generate/rules/objectives-file.js';
import { type DesiredObject, digestOf, type ObjectKind } from '../desired-object.js';
import {
  type Change,
  changedObject,
  type Destination,
  type Ending,
  type LiveObject,
  type Mark,
} from '../destination.js';
import { ApiClient, type ApiRequest, type Patience } from '../http/api-client.js';
import { type Meaning, withMeaning } from '../http/refusal.js';
import { oneByOne } from '../one-by-one.js';
import { isStillDue } from '../still-due.js';
import { type DesiredGroup, groupText, type Fields } from './group-text.js';
import { markRule, withoutMark } from './group-mark.js';
import { checkLimits, tellLimits } from './ruler-limits.js';

/** Where each keeps its rules. */
const paths: Readonly<Record<RulerSettings['api'], string>> = {
  cortex: '/api/v1/rules',
  mimir: '/prometheus/config/v1/rules',
};

const tenantMissing: Meaning = { said: /^/, hint: 'it may ask for a tenant: ruler.tenant' };

const meanings: readonly Meaning[] = [
  {
    said: /namespace is protected/,
    hint: 'it is in ruler_protected_namespaces of this tenant: take it out there, or name another as ruler.namespace',
  },
  { said: /rules per rule group limit/, hint: 'raise ruler_max_rules_per_rule_group for this tenant' },
  { said: /rule groups limit/, hint: 'raise ruler_max_rule_groups_per_tenant for this tenant' },
];

const group = z.looseObject({ name: z.string(), rules: z.array(z.record(z.string(), z.unknown())).nullish() });

type Group = z.infer<typeof group>;

const namespaces = z.record(z.string(), z.array(group).nullable());

type Namespaces = z.infer<typeof namespaces>;

const unlimited = { limits: undefined, remark: undefined };

/**
 * Groups of rules of one tenant of a Cortex or Mimir, in a namespace of their own.
 *
 * The API knows no preconditions: a group is read once more right before it is written, and left alone if it is another one
 * than it was.
 *
 * @see https://grafana.com/docs/mimir/latest/references/http-api/#ruler
 */
export class RulerDestination implements Destination {
  readonly name: string;
  readonly #settings: RulerSettings;
  readonly #client: ApiClient;
  readonly #path: string;
  /** What the last look went on without. */
  #remark: string | undefined;

  constructor(settings: RulerSettings, patience?: Patience) {
    const { name, api, tenant, namespace } = settings;
    this.name = name;
    this.#settings = settings;
    this.#client = new ApiClient(settings, tenant === undefined ? {} : { 'x-scope-orgid': tenant }, patience);
    this.#path = `${paths[api]}/${encodeURIComponent(namespace)}`;
  }

  async *look(wanted: readonly DesiredObject[]): AsyncIterable<LiveObject> {
    const { api, checkLimits: isChecked, namespace, rulesPerGroup } = this.#settings;
    const names = new Set(wanted.map(({ identity }) => identity));
    const { limits: told, remark } = api === 'mimir' && isChecked ? await tellLimits(this.#client) : unlimited;
    const limits = told ?? (isChecked && rulesPerGroup !== undefined ? { rulesPerGroup, groups: 0 } : undefined);
    this.#remark = remark;
    // Groups of all namespaces count.
    const all = await this.#groups(limits !== undefined && limits.groups > 0 ? paths[api] : this.#path);
    if (limits !== undefined) {
      const isOther = (of: string, { name }: Group): boolean => of !== namespace || !names.has(name);
      const others = Object.entries(all).flatMap(([of, groups]) => (groups ?? []).filter((one) => isOther(of, one)));
      checkLimits(wanted as readonly DesiredGroup[], others.length, limits, this.#settings);
    }
    for (const one of all[namespace] ?? []) {
      const live = liveOf(one);
      if (live.mark || names.has(live.identity)) yield live;
    }
  }

  remarks(): readonly string[] {
    return this.#remark === undefined ? [] : [this.#remark];
  }

  async read(_kind: ObjectKind, identity: string): Promise<LiveObject | undefined> {
    const text = await this.#get(this.#groupPath(identity));
    if (text === undefined) return undefined;
    const read = group.safeParse(this.#yaml(text));
    if (!read.success) throw this.#stranger();
    return liveOf(read.data);
  }

  async carryOut(changes: readonly Change[], onEnding: (ending: Ending) => void): Promise<readonly Ending[]> {
    return oneByOne(changes, {
      carryOut: (change) => this.#carryOut(change),
      read: (kind, identity) => this.read(kind, identity),
      onEnding,
    });
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  async #carryOut(change: Change): Promise<void> {
    const { identity } = changedObject(change);
    if (!(await isStillDue(change, identity, () => this.read('rule-group', identity)))) return;
    if (change.act === 'remove') {
      await this.#ask({ method: 'DELETE', path: this.#groupPath(identity), alsoGood: [404] });
      return;
    }
    await this.#write('object' in change ? change.object.content() : change.live.content, change.mark);
  }

  async #write(content: string, mark: Mark): Promise<void> {
    const { rules, ...rest } = parse(content) as Fields & { readonly rules: readonly Fields[] };
    const body = stringify({ ...rest, rules: [...rules, markRule(mark)] }, { lineWidth: 0, version: '1.1' });
    await this.#ask({ method: 'POST', path: this.#path, body, contentType: 'application/yaml' });
  }

  /** By namespace; an empty tenant is told as 404 or as an empty map. */
  async #groups(path: string): Promise<Namespaces> {
    const text = await this.#get(path);
    const read = namespaces.safeParse(text === undefined ? {} : (this.#yaml(text) ?? {}));
    if (!read.success) throw this.#stranger();
    return read.data;
  }

  /** Undefined where there is nothing; a ruler without this API answers 404, too. */
  async #get(path: string): Promise<string | undefined> {
    const { status, text } = await this.#ask({ method: 'GET', path, alsoGood: [404] });
    if (status !== 404) return text;
    if (/no rule groups found|group does not exist|rule group not found/i.test(text)) return undefined;
    const { url, api } = this.#settings;
    const hint =
      api === 'cortex'
        ? 'Cortex has it with -ruler.enable-api; name its address with its prefix, without /api/v1'
        : 'name the address of Mimir without /prometheus; its ruler has it with -ruler.enable-api';
    throw new Failure('not-found', `${url} has no API of rules at ${paths[api]}`, { hint });
  }

  async #ask(asked: ApiRequest) {
    try {
      return await this.#client.ask(asked);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const isNobody = error.code === 'unauthenticated' && this.#settings.tenant === undefined;
      throw withMeaning(error, [...(isNobody ? [tenantMissing] : []), ...meanings]);
    }
  }

  #groupPath(identity: string): string {
    return `${this.#path}/${encodeURIComponent(identity)}`;
  }

  #yaml(text: string): unknown {
    try {
      return parse(text, { maxAliasCount: 0, schema: 'core' });
    } catch {
      throw this.#stranger();
    }
  }

  #stranger(): Failure {
    return new Failure('body-malformed', `${this.#settings.url}: what answers does not talk like a ruler`, {
      hint: 'is it the address of the server itself, and not of a login page or a proxy before it?',
    });
  }
}

function liveOf(fields: Group): LiveObject {
  const { group: own, mark } = withoutMark(fields);
  const content = groupText(own);
  const digest = digestOf(content);
  return {
    kind: 'rule-group',
    identity: fields.name,
    mark,
    isAsWritten: mark?.digest === digest,
    digest,
    content,
    revision: digestOf(groupText(fields)),
    // An objective that has moved to another group may have changed there: two values would take turns.
    goesAtOnce: fields.name.startsWith(objectivesGroup),
  };
}
