import { parse, stringify } from 'yaml';
import { z } from 'zod';
import type { AlertmanagerApiSettings } from '../../config/publishing.js';
import { Failure } from '../../domain/failure.js';
import { digestOf } from '../desired-object.js';
import type { Change, Destination, Ending, LiveObject } from '../destination.js';
import { ApiClient, type Patience } from '../http/api-client.js';
import { type Meaning, withMeaning } from '../http/refusal.js';
import { oneByOne } from '../one-by-one.js';
import { isStillDue } from '../still-due.js';
import { withoutSecretsOf } from './secrets.js';
import { type DesiredConfiguration, markedText, readMarked, shownText, theOne } from './configuration-text.js';

const path = '/api/v1/alerts';

const meanings: readonly Meaning[] = [
  { said: /configuration is too big/, hint: 'raise alertmanager_max_config_size_bytes for this tenant' },
  {
    said: /setting TLS .* is not allowed/,
    hint: 'an Alertmanager of tenants takes no certificates of receivers: leave ca_file away, or publish to an Alertmanager of your own',
  },
];

const stored = z.looseObject({
  template_files: z.record(z.string(), z.string()).nullish(),
  alertmanager_config: z.string(),
});

/**
 * The Alertmanager configuration of one tenant of a Cortex or Mimir.
 *
 * There is one, and the API knows no preconditions: it is read once more right before it is written, and left alone if it is
 * another one than it was.
 *
 * @see https://grafana.com/docs/mimir/latest/references/http-api/#alertmanager
 */
export class ConfigurationDestination implements Destination {
  readonly name: string;
  readonly #client: ApiClient;
  readonly #url: string;
  /** What was read last, secrets and all, for a mark to be written on it. */
  #text = '';

  constructor(settings: AlertmanagerApiSettings, patience?: Patience) {
    const { name, url, tenant } = settings;
    this.name = name;
    this.#url = url;
    this.#client = new ApiClient(settings, tenant === undefined ? {} : { 'x-scope-orgid': tenant }, patience);
  }

  async *look(): AsyncIterable<LiveObject> {
    const live = await this.read();
    if (live) yield live;
  }

  async read(): Promise<LiveObject | undefined> {
    const { status, text: answer } = await this.#client.ask({ method: 'GET', path, alsoGood: [404] });
    if (status === 404) {
      if (/not found|no alertmanager config/i.test(answer) && !/page not found/i.test(answer)) return undefined;
      throw new Failure('not-found', `${this.#url} has no API of Alertmanager configurations at ${path}`, {
        hint: 'Cortex and Mimir have it with -alertmanager.enable-api; name the address without /alertmanager',
      });
    }
    const { alertmanager_config: whole, template_files: templates } = this.#stored(answer);
    const { text, mark } = readMarked(whole);
    this.#text = text;
    const digest = digestOf(text);
    const hasTemplates = Object.keys(templates ?? {}).length > 0;
    return {
      kind: 'alertmanager-configuration',
      identity: theOne,
      mark,
      isAsWritten: mark?.digest === digest && !hasTemplates,
      digest: hasTemplates ? digestOf(answer) : digest,
      content: shownText(text),
      revision: digestOf(answer),
    };
  }

  async carryOut(changes: readonly Change[], onEnding: (ending: Ending) => void): Promise<readonly Ending[]> {
    return oneByOne(changes, { carryOut: (change) => this.#carryOut(change), read: () => this.read(), onEnding });
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  async #carryOut(change: Change): Promise<void> {
    if (!(await isStillDue(change, 'the configuration', () => this.read()))) return;
    if (change.act === 'remove') {
      await this.#client.ask({ method: 'DELETE', path });
      return;
    }
    const text = 'object' in change ? (change.object as DesiredConfiguration).sent : this.#text;
    const body = stringify({ template_files: {}, alertmanager_config: markedText(text, change.mark) });
    try {
      await this.#client.ask({ method: 'POST', path, body, contentType: 'application/yaml' });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const { code, message, hint } = withMeaning(error, meanings);
      const told = withoutSecretsOf(parse(text), message);
      throw new Failure(code, told, hint === undefined ? {} : { hint });
    }
  }

  #stored(answer: string): z.infer<typeof stored> {
    let value: unknown;
    try {
      value = parse(answer, { maxAliasCount: 0 });
    } catch {
      value = undefined;
    }
    const result = stored.safeParse(value);
    if (result.success) return result.data;
    throw new Failure('body-malformed', `${this.#url}: what answers does not talk like an Alertmanager of tenants`, {
      hint: 'is it the address of the server itself, and not of a login page or a proxy before it?',
    });
  }
}
