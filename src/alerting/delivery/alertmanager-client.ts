import type { AlertmanagerSettings } from '../../config/config.js';
import { JsonPoster, type PostAnswer } from '../../scrape/http/json-poster.js';

/** One Alertmanager's API v2, over one kept-alive connection. */
export class AlertmanagerClient {
  readonly #poster: JsonPoster;
  readonly #address: string;

  constructor(settings: AlertmanagerSettings) {
    this.#poster = new JsonPoster(settings);
    this.#address = `${settings.url.replace(/\/+$/, '')}/api/v2/alerts`;
  }

  /**
   * Posts a batch.
   *
   * @param body a JSON array of alerts
   * @throws Failure `target-unreachable`, `target-timeout`, `target-untrusted`, `file-unreadable`
   */
  post(body: string): Promise<PostAnswer> {
    return this.#poster.post(this.#address, body);
  }

  /** Calls off what is going on. */
  close(): Promise<void> {
    return this.#poster.close();
  }
}
