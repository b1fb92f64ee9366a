import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Failure } from '../domain/failure.js';

/** A list of proxies, in Prometheus' http_sd format, and the pack that reads them. */
export interface SimulatedJob {
  readonly job: string;
  readonly pack: string;
  readonly discovery: string;
}

/** Its kind, and where the lists are that its configuration names, in Prometheus' http_sd format. */
export interface SimulatedControlPlane {
  readonly kind: string;
  readonly lists: Readonly<Record<string, string>>;
}

/** A registry, and the Envoys that learn from it. */
export interface SimulatedConsul {
  readonly url: string;
  readonly envoys: readonly string[];
}

/** A simulated mesh in a process of its own: like a real one, meshslo knows it by its addresses only. */
export interface SimulatedMesh {
  readonly jobs: readonly SimulatedJob[];
  /** None for a mesh that is simulated without any. */
  readonly controlPlanes: readonly SimulatedControlPlane[];
  /** Where its past can be read; undefined for a mesh that has none. */
  readonly history: string | undefined;
  /** Its API server; undefined for a mesh that is simulated without one. */
  readonly kubernetes: string | undefined;
  /** The Consul in which its services stand, and administration ports of Envoys that follow it; undefined for a mesh without. */
  readonly consul: SimulatedConsul | undefined;
  /** Its service catalogue; undefined for a mesh that is simulated without one. */
  readonly backstage: string | undefined;
  /** Where faults are listed and switched. */
  readonly faults: string | undefined;
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
  const ready = JSON.parse(addresses) as Partial<SimulatedMesh> & {
    readonly discovery?: string;
    readonly istiod?: string;
  };
  const jobs = ready.jobs ?? [{ job: 'sidecars', pack: 'istio', discovery: ready.discovery! }];
  const controlPlanes =
    ready.istiod === undefined
      ? (ready.controlPlanes ?? [])
      : [{ kind: 'istio', lists: { instances: ready.istiod, proxies: jobs[0]!.discovery } }];
  const { history, kubernetes, consul, backstage, faults } = ready;
  return { jobs, controlPlanes, history, kubernetes, consul, backstage, faults, stop: () => stop(child) };
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
