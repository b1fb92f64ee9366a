import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Failure } from '../domain/failure.js';

/** A simulated mesh in a process of its own: like a real one, meshslo knows it by its addresses only. */
export interface SimulatedMesh {
  readonly discovery: string;
  readonly istiod: string;
  readonly history: string;
  stop(): Promise<void>;
}

/** Starts the simulator and waits until its proxies can be scraped. Throws `service-unreachable`. */
export async function startSimulatedMesh(
  state: string,
  { seed, mesh }: { seed: number; mesh: string },
): Promise<SimulatedMesh> {
  const program = join(import.meta.dirname, '..', 'simulator', 'main.js');
  const child = spawn(process.execPath, [program, '--state', state, '--seed', String(seed), '--mesh', mesh], {
    stdio: ['pipe', 'pipe', 'inherit'],
    // Ctrl-C reaches a whole process group; the mesh is to be there until meshslo has stopped.
    detached: true,
  });
  const addresses = await firstLine(child);
  if (addresses === undefined) throw new Failure('service-unreachable', 'the simulated mesh did not start');
  const { discovery, istiod, history } = JSON.parse(addresses) as Omit<SimulatedMesh, 'stop'>;
  return { discovery, istiod, history, stop: () => stop(child) };
}

async function firstLine(child: ChildProcess): Promise<string | undefined> {
  const lines = createInterface({ input: child.stdout! });
  const line = await Promise.race([once(lines, 'line'), once(child, 'exit').then(() => [])]);
  return line[0] as string | undefined;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.stdin!.end();
  child.kill('SIGTERM');
  await ended;
}
