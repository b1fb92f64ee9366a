import { writeFileSync } from 'node:fs';
import { freePort } from './free-port.js';
import { QueryApi } from './query-api.js';
import { RunningProgram } from './running-program.js';

/** A real Prometheus on a folder of blocks; time is what a query says it is. */
export class RunningPrometheus extends QueryApi {
  readonly program: RunningProgram;

  private constructor(program: RunningProgram, address: string) {
    super(address);
    this.program = program;
  }

  /**
   * Starts Prometheus on a folder, which it makes where there is none; configuration and further flags are the caller's.
   *
   * @param config or what makes it of the host and port at which this Prometheus is
   */
  static async start(
    folder: string,
    config: object | ((host: string) => object) = {},
    flags: readonly string[] = [],
  ): Promise<RunningPrometheus> {
    const port = await freePort();
    const file = `${folder}.yml`;
    writeFileSync(file, JSON.stringify(typeof config === 'function' ? config(`127.0.0.1:${port}`) : config));
    const address = `http://127.0.0.1:${port}`;
    const args = [
      `--config.file=${file}`,
      `--storage.tsdb.path=${folder}`,
      '--storage.tsdb.retention.time=100y',
      // Blocks stay as they were written.
      '--storage.tsdb.min-block-duration=2h',
      '--storage.tsdb.max-block-duration=2h',
      `--web.listen-address=127.0.0.1:${port}`,
      '--web.enable-remote-write-receiver',
      '--query.max-samples=2000000000',
      '--query.timeout=30m',
      '--log.level=error',
      ...flags,
    ];
    return new RunningPrometheus(await RunningProgram.start('prometheus', args, `${address}/-/ready`), address);
  }

  async stop(): Promise<void> {
    await this.program.stop();
  }
}
