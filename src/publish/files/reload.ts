import type { ApiSettings, Patience } from '../http/api-client.js';
import { ApiClient } from '../http/api-client.js';
import { refusalOf } from '../http/refusal.js';
import { Failure } from '../../domain/failure.js';

/** A Prometheus, Alertmanager or vmalert that reads its files anew when it is told to. */
export class Reload {
  readonly #url: string;
  readonly #client: ApiClient;

  /** @param settings with the base address of the program */
  constructor(settings: ApiSettings, patience?: Patience) {
    this.#url = settings.url;
    this.#client = new ApiClient(settings, {}, patience);
  }

  /** @throws Failure where it cannot be told, or will not take what it read */
  async tell(): Promise<string> {
    try {
      // What it does not like now, it will not like in a second.
      const { status, text } = await this.#client.ask({ method: 'POST', path: '/-/reload', alsoGood: [500] });
      if (status === 500) throw refusalOf(this.#url, status, text);
      return `${this.#url} was reloaded`;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      throw new Failure(error.code, `reload: ${error.message}`, { hint: hintOf(error), cause: error });
    }
  }

  async close(): Promise<void> {
    await this.#client.close();
  }
}

function hintOf({ code, message }: Failure): string {
  if (code === 'forbidden' || /lifecycle api is not enabled/i.test(message)) {
    return 'Prometheus takes a reload only with --web.enable-lifecycle';
  }
  if (code === 'target-status') return 'it may not like what it read: its log and promtool check config say why';
  return 'the files are written; the next run tells it again';
}
