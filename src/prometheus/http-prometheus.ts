import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { PrometheusConnectionOptions, PrometheusDriver } from 'prometheus-query';
import { z } from 'zod';
import type { Clock, EpochSeconds } from '../domain/clock.js';
import { Failure } from '../domain/failure.js';
import { starUserInfo } from '../domain/user-info.js';
import type { TimeRange } from '../domain/window.js';
import { quoteRegex, quoteString } from '../promql/escaping.js';
import { connectionFailure } from '../scrape/http/connection-failure.js';
import type { Access } from '../scrape/http/access.js';
import { checkAnswer } from './answer-check.js';
import type { InstantSample, PrometheusApi } from './prometheus-api.js';

/** Where to ask, and how long and how much an answer may be. */
export interface PrometheusConnection {
  /** With the server's prefix, without `/api/v1`. */
  readonly url: string;
  readonly access: Pick<Access, 'authorization' | 'tls'>;
  /** `X-Scope-OrgID` of Cortex and Mimir. */
  readonly tenant: string | undefined;
  readonly timeoutSeconds: number;
  readonly answerBytes: number;
  readonly clock: Clock;
}

/**
 * Asks over HTTP, through the package `prometheus-query`.
 *
 * That package throws plain objects which hold the whole request, its Authorization header among it: none leaves this class.
 */
export class HttpPrometheus implements PrometheusApi {
  readonly address: string;
  readonly #connection: PrometheusConnection;
  readonly #driver: PrometheusDriver;
  readonly #agents: { readonly httpAgent: HttpAgent; readonly httpsAgent: HttpsAgent };
  #clockAheadSeconds: number | undefined;

  constructor(connection: PrometheusConnection) {
    const { url, access, tenant } = connection;
    this.#connection = connection;
    this.address = starUserInfo(url).replace(/\/+$/, '');
    this.#agents = {
      httpAgent: new HttpAgent({ keepAlive: true }),
      httpsAgent: new HttpsAgent({ ...access.tls, keepAlive: true }),
    };
    const options = new PrometheusConnectionOptions();
    options.endpoint = url.replace(/\/+$/, '');
    options.preferPost = true;
    options.headers = {
      accept: 'application/json',
      ...(access.authorization && { authorization: access.authorization }),
      ...(tenant !== undefined && { 'x-scope-orgid': tenant }),
    };
    options.requestInterceptor = { onFulfilled: (request) => ({ ...request, ...this.#limits() }) };
    options.responseInterceptor = {
      onFulfilled: (response) => {
        this.#noteDate(response.headers['date']);
        checkAnswer(response, this.address, response.config.url ?? '');
        return response;
      },
    };
    this.#driver = new PrometheusDriver(options);
  }

  get clockAheadSeconds(): number | undefined {
    return this.#clockAheadSeconds;
  }

  async instant(query: string, at?: EpochSeconds): Promise<readonly InstantSample[]> {
    const now = this.#connection.clock.now() + (this.#clockAheadSeconds ?? 0);
    const { result } = await this.#ask(() => this.#driver.instantQuery(query, (at ?? now) * 1000));
    return (result as DriversVector[]).map(({ metric: { name, labels }, value }) => ({
      labels: name === undefined ? labels : { __name__: name, ...labels },
      value: value.value,
    }));
  }

  /** The values of an expression in even steps, ends included; times are those of the server's clock. */
  async range(query: string, range: TimeRange, stepSeconds: number): Promise<readonly RangeSeries[]> {
    const { result } = await this.#ask(() =>
      this.#driver.rangeQuery(query, range.from * 1000, range.to * 1000, stepSeconds),
    );
    return (result as DriversRange[]).map(({ metric: { labels }, values }) => ({
      labels,
      samples: values.map(({ time, value }) => ({ at: time.getTime() / 1000, value })),
    }));
  }

  async metricNames(prefix: string): Promise<readonly string[]> {
    const matcher = `{__name__=~${quoteString(`${quoteRegex(prefix)}.*`)}}`;
    const names = z
      .array(z.string())
      .safeParse(await this.#optional(() => this.#driver.labelValues('__name__', matcher)));
    return (names.data ?? []).filter((name) => name.startsWith(prefix)).sort();
  }

  async version(): Promise<string | undefined> {
    const info = z.looseObject({ version: z.string() });
    return info.safeParse(await this.#optional(() => this.#driver.statusBuildinfo())).data?.version;
  }

  async flags(): Promise<Readonly<Record<string, string>> | undefined> {
    return z.record(z.string(), z.string()).safeParse(await this.#optional(() => this.#driver.statusFlags())).data;
  }

  async seriesCount(): Promise<number | undefined> {
    const status = z.looseObject({ headStats: z.looseObject({ numSeries: z.number() }) });
    return status.safeParse(await this.#optional(() => this.#driver.statusTSDB())).data?.headStats.numSeries;
  }

  /** Lets go of its connections. */
  close(): void {
    this.#agents.httpAgent.destroy();
    this.#agents.httpsAgent.destroy();
  }

  #limits() {
    const { timeoutSeconds, answerBytes } = this.#connection;
    return {
      ...this.#agents,
      signal: AbortSignal.timeout(timeoutSeconds * 1000),
      maxContentLength: answerBytes,
      maxRedirects: 0,
      proxy: false as const,
      // What a status means is said by checkAnswer.
      validateStatus: () => true,
    };
  }

  #noteDate(date: unknown): void {
    const serverMilliseconds = typeof date === 'string' ? Date.parse(date) : NaN;
    // The header counts whole seconds: half of one is the best guess.
    if (!Number.isNaN(serverMilliseconds)) {
      this.#clockAheadSeconds = serverMilliseconds / 1000 + 0.5 - this.#connection.clock.now();
    }
  }

  /** Undefined where the server does not know the question. */
  async #optional(ask: () => Promise<unknown>): Promise<unknown> {
    try {
      return await this.#ask(ask);
    } catch (error) {
      if (error instanceof Failure && (error.code === 'not-found' || error.code === 'target-status')) return undefined;
      throw error;
    }
  }

  async #ask<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      const { original } = error as { original?: unknown };
      if (original === undefined) throw error;
      throw this.#failureOf(original);
    }
  }

  /** What went wrong below the package, without what was sent. */
  #failureOf(original: unknown): Failure {
    if (original instanceof Failure) return original;
    const { timeoutSeconds, answerBytes } = this.#connection;
    const { code, message = '' } = original as { code?: string; message?: string };
    if (code === 'ERR_CANCELED') {
      return new Failure('target-timeout', `${this.address} did not answer within ${timeoutSeconds} s`);
    }
    if (message.includes('maxContentLength')) {
      return new Failure('body-too-large', `${this.address} answered with more than ${answerBytes} bytes`);
    }
    const { code: reason, message: text, hint } = connectionFailure(original);
    return new Failure(reason, `${this.address}: ${text}`, hint === undefined ? {} : { hint });
  }
}

/** One series of an answer over time. */
export interface RangeSeries {
  readonly labels: Readonly<Record<string, string>>;
  /** In ascending time; a step without a value is missing. */
  readonly samples: readonly { readonly at: EpochSeconds; readonly value: number }[];
}

/** What the package makes of a matrix. */
interface DriversRange {
  readonly metric: { readonly labels: Readonly<Record<string, string>> };
  readonly values: readonly { readonly time: Date; readonly value: number }[];
}

/** What the package makes of a vector. */
interface DriversVector {
  readonly metric: { readonly name: string | undefined; readonly labels: Readonly<Record<string, string>> };
  readonly value: { readonly value: number };
}
