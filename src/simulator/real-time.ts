import type { Mesh } from './mesh.js';

/** How fine the simulated time is: a scrape sees everything up to the last whole second. */
const tickSeconds = 1;

/** The wall clock in whole ticks: the only place of the simulator that looks at it. */
export function wallTick(): number {
  return Math.floor(Date.now() / 1000 / tickSeconds) * tickSeconds;
}

/** Brings a mesh up to the present. Called at every scrape, and once a second whether or not somebody scrapes. */
export function catchUp(mesh: Mesh): void {
  mesh.advance(wallTick());
}

/** Calls back once a tick until it is stopped; returns what stops it. */
export function everyTick(call: () => void): () => void {
  const timer = setInterval(call, tickSeconds * 1000);
  return () => clearInterval(timer);
}
