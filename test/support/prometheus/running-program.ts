import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { findProgram, type Program } from '../find-program.js';

/** A program that answers on a port of this machine. */
export class RunningProgram {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Starts it, and waits until the address says that it is well. */
  static async start(name: Program, args: readonly string[], wellAddress: string): Promise<RunningProgram> {
    const path = findProgram(name);
    if (path === undefined) throw new Error(`${name} is not installed`);
    const child = spawn(path, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    // Whoever started it may fail before it is stopped.
    process.once('exit', () => child.kill('SIGKILL'));
    while (!(await isWell(wellAddress))) {
      if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}`);
      await sleep(20);
    }
    return new RunningProgram(child);
  }

  /** CPU time so far. */
  cpuSeconds(): number {
    const fields = readFileSync(`/proc/${this.#child.pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill();
    await ended;
  }
}

async function isWell(address: string): Promise<boolean> {
  return fetch(address).then(
    (response) => response.ok,
    () => false,
  );
}
