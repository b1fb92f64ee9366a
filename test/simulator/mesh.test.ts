import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { EventLog, type EventSink, type RequestEvents } from '../../src/simulator/event-log.js';
import { Mesh } from '../../src/simulator/mesh.js';
import type { MeshModel } from '../../src/simulator/mesh-model.js';
import { truth } from '../../src/simulator/truth.js';
import { everyTrouble, smallEdge, smallMesh, smallService } from './small-mesh.js';

function meshWithLog(model: MeshModel, seed = 1): { readonly mesh: Mesh; readonly log: EventLog } {
  const log = new EventLog();
  return { mesh: new Mesh(model, 1000, seed, log.write), log };
}

function counted(mesh: Mesh, pod: string): number {
  return mesh.pod(pod).proxy.series.reduce((sum, { count }) => sum + count, 0);
}

/** What a pod's proxy must have counted since it last began at zero. */
function logged(log: EventLog, pod: string): number {
  const begun = Math.max(...log.podEvents.filter((event) => event.pod === pod).map(({ atSeconds }) => atSeconds));
  return log.count(begun, Infinity, seenBy(pod));
}

function seenBy(pod: string): (events: RequestEvents) => boolean {
  return (events) => events.pod === pod || events.clientPod === pod;
}

describe('a simulated mesh', () => {
  test('counters equal the log as integers after any course of traffic, restarts, replacements and evictions', () => {
    const deed = fc.record({
      what: fc.constantFrom('advance', 'restart', 'replace', 'evict', 'scale'),
      seconds: fc.double({ min: 0.1, max: 120, noNaN: true }),
      pod: fc.nat(20),
    });
    fc.assert(
      fc.property(fc.integer(), fc.array(deed, { maxLength: 25 }), (seed, deeds) => {
        const { mesh, log } = meshWithLog(smallMesh({ shares: everyTrouble }), seed);
        for (const { what, seconds, pod } of deeds) {
          const name = mesh.pods[pod % Math.max(1, mesh.pods.length)]?.name;
          if (what === 'advance' || name === undefined) mesh.advance(mesh.nowSeconds + seconds);
          else if (what === 'scale') mesh.scale('shop/cart', 'v1', pod % 4);
          else mesh[what](name);
        }
        for (const { name } of mesh.pods) expect(counted(mesh, name)).toBe(logged(log, name));
      }),
      { numRuns: 60 },
    );
  });

  test('every event is in the log before a counter moves', () => {
    const living: { mesh?: Mesh } = {};
    const sum = ({ mesh }: typeof living): number =>
      mesh?.pods.reduce((all, { name }) => all + counted(mesh, name), 0) ?? 0;
    const seen: number[] = [];
    const write: EventSink = () => void seen.push(sum(living));
    living.mesh = new Mesh(smallMesh(), 1000, 1, write);
    seen.length = 0;
    living.mesh.advance(1060);
    expect(seen).toEqual([0]);
    expect(sum(living)).toBeGreaterThan(0);
  });

  test('a series does not exist before its first event', () => {
    const { mesh } = meshWithLog(smallMesh({ requestsPerSecond: 0 }));
    mesh.advance(5000);
    expect(mesh.pods.flatMap(({ proxy }) => proxy.series)).toEqual([]);
  });

  test('both proxies count a request that arrived, only the client’s one that did not', () => {
    const { mesh, log } = meshWithLog(smallMesh({ shares: { 'connect-failure': 0.5 } }));
    mesh.advance(1100);
    const sum = (service: string): number =>
      mesh.pods.filter((pod) => pod.service.name === service).reduce((all, { name }) => all + counted(mesh, name), 0);
    expect(sum('web')).toBe(log.count());
    expect(sum('cart')).toBe(log.count(0, Infinity, ({ kind }) => kind === 'ok'));
    expect(sum('cart')).toBeLessThan(sum('web'));
  });

  test('what a pod counted after its last scrape can be told from the log when it is killed', () => {
    const { mesh, log } = meshWithLog(smallMesh());
    const pod = mesh.pods.find(({ service }) => service.name === 'cart')!.name;
    mesh.advance(1030);
    const scraped = counted(mesh, pod);
    mesh.advance(1042);
    const lost = counted(mesh, pod) - scraped;
    mesh.replace(pod);
    mesh.advance(1100);
    expect(lost).toBeGreaterThan(0);
    expect(log.tailOf(pod, 1030).reduce((sum, { count }) => sum + count, 0)).toBe(lost);
    expect(log.podEvents.at(-2)).toEqual({ atSeconds: 1042, pod, what: 'stopped' });
  });

  test('without a pod to go to, the client’s proxy has no healthy upstream', () => {
    const { mesh, log } = meshWithLog(smallMesh());
    mesh.scale('shop/cart', 'v1', 0);
    mesh.advance(1100);
    const range = { fromSeconds: 1000, toSeconds: 1100 };
    expect([...log.requests()].every(({ client }) => client?.flags.includes('UH'))).toBe(true);
    expect(truth(log, 'shop/cart', 'server', range).total).toBe(0);
    expect(truth(log, 'shop/cart', 'mesh-failures', range)).toEqual({
      total: log.count(),
      bad: log.count(),
      leftOut: 0,
    });
  });

  test('a destination without a proxy is known to its callers only', () => {
    const services = [smallService('web'), smallService('mail', { proxied: false })];
    const { mesh, log } = meshWithLog(smallMesh({}, { services, edges: [smallEdge('shop/web', 'shop/mail')] }));
    mesh.advance(1100);
    expect(mesh.pods.every(({ service }) => service.name === 'web')).toBe(true);
    expect([...log.requests()].every(({ server, client }) => server === undefined && client !== undefined)).toBe(true);
  });

  test('a caller without a proxy is unknown to the destination', () => {
    const { mesh } = meshWithLog(smallMesh({}, { edges: [smallEdge(undefined, 'shop/cart')] }));
    mesh.advance(1100);
    const texts = mesh.pods.flatMap(({ proxy }) => proxy.series.map(({ text }) => text));
    expect(texts).toHaveLength(2);
    expect(texts.every((text) => text.includes('source_workload="unknown"'))).toBe(true);
  });

  test('an edge that no proxy would see is a mistake in the model', () => {
    const services = [smallService('mail', { proxied: false })];
    expect(() => meshWithLog(smallMesh({}, { services, edges: [smallEdge(undefined, 'shop/mail')] }))).toThrow(
      RangeError,
    );
  });

  test('idle series vanish at the eviction interval and come back from zero in the same process', () => {
    const once = { ...smallEdge('shop/web', 'shop/cart'), requestsPerSecond: 0.02 };
    const model = smallMesh({}, { edges: [once], evictionIntervalSeconds: 60 });
    const { mesh, log } = meshWithLog(model, 3);
    const started = mesh.pods.map(({ proxy }) => proxy.startedSeconds);
    for (let at = 1010; at <= 4000; at += 10) mesh.advance(at);
    expect(log.podEvents.some(({ what }) => what === 'series-evicted')).toBe(true);
    expect(mesh.pods.map(({ proxy }) => proxy.startedSeconds)).toEqual(started);
    const idle = mesh.pods.flatMap(({ proxy }) => proxy.series).filter(({ lastSeconds }) => lastSeconds < 3840);
    expect(idle).toEqual([]);
  });

  test('the same seed gives the same events', () => {
    const events = (seed: number): readonly RequestEvents[] => {
      const { mesh, log } = meshWithLog(smallMesh({ shares: everyTrouble }), seed);
      mesh.advance(1020);
      return [...log.requests()];
    };
    expect(events(5)).toEqual(events(5));
    expect(events(5)).not.toEqual(events(6));
  });
});
