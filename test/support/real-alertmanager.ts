import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './prometheus/free-port.js';
import { until } from './until.js';

/** What Alertmanager's API tells of an alert. */
export interface KnownAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly updatedAt: string;
  readonly generatorURL: string;
  readonly status: { readonly state: 'unprocessed' | 'active' | 'suppressed' };
}

/** Debian's Alertmanager on a port of its own; each start begins with empty storage. */
export class RealAlertmanager {
  readonly port: number;
  readonly #program: string;
  readonly #folder = mkdtempSync(join(tmpdir(), 'meshslo-alertmanager-'));
  #child: ChildProcess | undefined;

  private constructor(program: string, port: number) {
    this.#program = program;
    this.port = port;
  }

  /** @param webhook where it sends its notifications; nowhere when left out */
  static async start(program: string, webhook?: string): Promise<RealAlertmanager> {
    const receiver = webhook === undefined ? '' : `, webhook_configs: [{ url: '${webhook}' }]`;
    const route = 'route: { receiver: all, group_by: [alertname, service], group_wait: 0s, group_interval: 1s }';
    return RealAlertmanager.startWith(program, `${route}\nreceivers: [{ name: all${receiver} }]\n`);
  }

  /** @param config the text of its configuration */
  static async startWith(program: string, config: string): Promise<RealAlertmanager> {
    const alertmanager = new RealAlertmanager(program, await freePort());
    writeFileSync(join(alertmanager.#folder, 'am.yml'), config);
    await alertmanager.restart();
    return alertmanager;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Ends it as a crash would, and starts it with nothing in its storage. */
  async restart(): Promise<void> {
    await this.kill();
    const options = [
      `--config.file=${join(this.#folder, 'am.yml')}`,
      `--storage.path=${mkdtempSync(join(this.#folder, 'storage-'))}`,
      `--web.listen-address=127.0.0.1:${this.port}`,
      '--cluster.listen-address=',
    ];
    this.#child = spawn(this.#program, options, { stdio: 'ignore' });
    await until(async () => (await fetch(`${this.url}/-/ready`)).ok);
  }

  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child?.exitCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  /** Ends it and removes what it wrote. */
  async close(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** What fires there now. */
  async alerts(): Promise<readonly KnownAlert[]> {
    return (await (await fetch(`${this.url}/api/v2/alerts`)).json()) as KnownAlert[];
  }
}
