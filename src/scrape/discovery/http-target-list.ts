import { gunzipSync } from 'node:zlib';
import { Failure, failureOf } from '../../domain/failure.js';
import { AccessFiles } from '../http/access.js';
import { BodyBuffers } from '../http/body-buffer.js';
import { ByteBudget } from '../http/byte-budget.js';
import { getRequest } from '../http/get-request.js';
import { TargetConnection } from '../http/target-connection.js';
import type { AccessSettings } from '../../config/access-settings.js';
import type { TargetGroup } from '../../config/target-settings.js';
import { parseTargetGroups } from './target-groups.js';
import type { TargetList } from './target-list.js';

const largestListBytes = 32 * 1024 * 1024;
const timeoutSeconds = 10;

/**
 * Target groups that an HTTP endpoint hands out as JSON.
 *
 * @see https://prometheus.io/docs/prometheus/latest/http_sd/
 */
export class HttpTargetList implements TargetList {
  readonly kind = 'http';
  readonly name: string;
  readonly refreshSeconds: number;
  readonly #url: URL;
  readonly #files: AccessFiles;
  readonly #buffers = new BodyBuffers(new ByteBudget(largestListBytes, 0));
  #connection: TargetConnection | undefined;
  #accessVersion = 0;
  #text: string | undefined;
  #groups: readonly TargetGroup[] = [];

  constructor(url: string, refreshSeconds: number, access: AccessSettings) {
    this.#url = new URL(url);
    this.name = `${this.#url.origin}${this.#url.pathname}`;
    this.refreshSeconds = refreshSeconds;
    this.#files = new AccessFiles(access);
  }

  /** @throws Failure of any kind a target can have, and `bad-configuration` for a list that makes no sense */
  async read(): Promise<readonly TargetGroup[]> {
    try {
      const text = await this.#fetch();
      if (text === this.#text) return this.#groups;
      this.#groups = parseTargetGroups(text, 'json');
      this.#text = text;
      return this.#groups;
    } catch (error) {
      const { code, message, hint } = failureOf(error);
      throw new Failure(code, `${this.name}: ${message}`, { ...(hint && { hint }) });
    }
  }

  close(): void {
    this.#connection?.close();
    this.#connection = undefined;
  }

  async #fetch(): Promise<string> {
    await this.#files.refresh();
    const access = this.#files.access;
    if (access.version !== this.#accessVersion) this.close();
    this.#accessVersion = access.version;
    const url = this.#url;
    const tls = url.protocol === 'https:' ? access.tls : undefined;
    const port = Number(url.port) || (tls ? 443 : 80);
    const host = url.hostname.replace(/^\[|\]$/g, '');
    this.#connection ??= new TargetConnection({ host, port, tls });
    const request = getRequest(`${url.pathname}${url.search}`, url.host, {
      Accept: 'application/json',
      'Accept-Encoding': 'gzip',
      'X-Prometheus-Refresh-Interval-Seconds': String(this.refreshSeconds),
      Authorization: access.authorization,
    });
    const body = this.#buffers.lend();
    try {
      const { head, delimited } = await this.#connection.get(
        request,
        { timeoutSeconds, bodyBytes: largestListBytes },
        body,
      );
      if (head.status !== 200) throw new Failure('target-status', `answered with status ${head.status}`);
      if (!delimited) throw new Failure('body-malformed', 'the answer does not say where it ends');
      return listText(head.headers, body.bytes);
    } finally {
      this.#buffers.release(body);
    }
  }
}

function listText(headers: ReadonlyMap<string, string>, bytes: Uint8Array): string {
  const type = headers.get('content-type')?.split(';', 1)[0]!.trim().toLowerCase();
  if (type !== 'application/json')
    throw new Failure('body-malformed', `answered with ${type?.slice(0, 60) ?? 'no type'}, not with JSON`);
  const decoder = new TextDecoder();
  if (headers.get('content-encoding')?.toLowerCase() !== 'gzip') return decoder.decode(bytes);
  try {
    return decoder.decode(gunzipSync(bytes, { maxOutputLength: largestListBytes }));
  } catch (error) {
    throw new Failure('body-malformed', 'the gzip body is damaged or too large', { cause: error });
  }
}
