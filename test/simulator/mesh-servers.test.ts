import { Agent, get, type IncomingHttpHeaders } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { EventLog } from '../../src/simulator/event-log.js';
import type { Fault } from '../../src/simulator/fault.js';
import { Mesh } from '../../src/simulator/mesh.js';
import { MeshServers } from '../../src/simulator/mesh-servers.js';
import { smallMesh } from './small-mesh.js';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

let mesh: Mesh;
let servers: MeshServers;
let agent: Agent;
let pod: string;

beforeEach(async () => {
  mesh = new Mesh(smallMesh(), 1000, 1, new EventLog().write);
  mesh.advance(1060);
  servers = new MeshServers(mesh);
  await servers.reconcile();
  agent = new Agent({ keepAlive: true });
  pod = mesh.pods.find(({ service }) => service.name === 'cart')!.name;
});

afterEach(async () => {
  agent.destroy();
  await servers.close();
});

/** Reads an answer up to a limit; rejects when the connection is refused or ends early. */
function scrape(address: string, query = '', headers: Record<string, string> = {}, limit = 1_000_000): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = get(`http://${address}/stats/prometheus${query}`, { agent, headers }, (response) => {
      const parts: Buffer[] = [];
      let bytes = 0;
      const answer = (): Answer => ({
        status: response.statusCode!,
        headers: response.headers,
        body: Buffer.concat(parts),
      });
      response.on('data', (part: Buffer) => {
        parts.push(part);
        bytes += part.length;
        if (bytes < limit) return;
        resolve(answer());
        request.destroy();
      });
      response.on('end', () => resolve(answer()));
      response.on('error', reject);
    });
    request.on('error', reject);
  });
}

async function uptime(address: string): Promise<string | undefined> {
  return /^envoy_server_uptime\{\} (\d+)$/m.exec(String((await scrape(address)).body))?.[1];
}

describe('sidecars over HTTP', () => {
  test('every living pod is listed with its labels and answers', async () => {
    expect(servers.targets()).toHaveLength(4);
    for (const { targets, labels } of servers.targets()) {
      expect(labels).toMatchObject({ namespace: 'shop', version: 'v1' });
      expect((await scrape(targets[0]!)).status).toBe(200);
    }
  });

  test('gzip is for those who can read it, and holds the same', async () => {
    const plain = await scrape(servers.address(pod));
    const zipped = await scrape(servers.address(pod), '', { 'accept-encoding': 'gzip' });
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(zipped.headers['content-encoding']).toBe('gzip');
    expect(String(gunzipSync(zipped.body))).toBe(String(plain.body));
  });

  test('a filter is searched in the names of statistics, and a broken one is refused', async () => {
    const { body } = await scrape(servers.address(pod), '?filter=server.uptime');
    expect(String(body)).toBe('# TYPE envoy_server_uptime gauge\nenvoy_server_uptime{} 60\n');
    expect((await scrape(servers.address(pod), '?filter=%5B')).status).toBe(400);
  });

  test('a scrape shows everything up to its moment', async () => {
    let now = 1060;
    const present = new MeshServers(mesh, () => mesh.advance(now));
    try {
      await present.reconcile();
      now = 1090;
      expect(await uptime(present.address(pod))).toBe('90');
    } finally {
      await present.close();
    }
  });

  test('a restarted pod has the same address, and begins at zero', async () => {
    const address = servers.address(pod);
    mesh.restart(pod);
    await servers.reconcile();
    expect(servers.address(pod)).toBe(address);
    expect(await uptime(address)).toBe('0');
    expect(String((await scrape(address)).body)).not.toContain('istio_requests_total{');
  });

  test('the address of a replaced pod refuses, and its successor answers at another one', async () => {
    const address = servers.address(pod);
    const successor = mesh.replace(pod);
    await servers.reconcile();
    await expect(scrape(address)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(servers.targets().map(({ labels }) => labels['pod'])).not.toContain(pod);
    expect(await uptime(servers.address(successor.name))).toBe('0');
  });

  test('a pod that is gone but still served breaks its connections instead of making counters up', async () => {
    const address = servers.address(pod);
    mesh.replace(pod);
    await expect(scrape(address)).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  test.each<{ fault: Fault; pattern: RegExp; why: string }>([
    { fault: 'binary', pattern: /^\0/, why: 'no text at all' },
    { fault: 'empty', pattern: /^$/, why: 'an answer without a body' },
    { fault: 'error-500', pattern: /^upstream connect error/, why: 'a proxy’s words' },
    { fault: 'wrong-content-type', pattern: /^<html>/, why: 'a login page' },
    { fault: 'endless', pattern: /^# x+\n# x+/, why: 'read up to a limit' },
    { fault: 'slow-drip', pattern: /^# TYPE envoy_clu/, why: 'read up to a limit' },
    { fault: 'duplicate-series', pattern: /^(istio_requests_total.*)\n\1$/m, why: 'the same line twice' },
    { fault: 'not-a-number', pattern: /^istio_requests_total\{.*\} NaN$/m, why: 'a counter without a value' },
    { fault: 'infinite', pattern: /^istio_requests_total\{.*\} \+Inf$/m, why: 'a counter beyond all' },
    { fault: 'negative', pattern: /^istio_requests_total\{.*\} -[1-9]/m, why: 'a counter below zero' },
  ])('$fault: $why', async ({ fault, pattern }) => {
    await servers.setFault(pod, fault);
    const limit = fault === 'slow-drip' ? 16 : undefined;
    expect(String((await scrape(servers.address(pod), '', {}, limit)).body)).toMatch(pattern);
    await servers.setFault(pod, undefined);
    expect(await uptime(servers.address(pod))).toBe('60');
  });

  test('truncated: the connection ends before the promised length', async () => {
    await servers.setFault(pod, 'truncated');
    await expect(scrape(servers.address(pod))).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  test('gzip-bomb: little on the wire, much in memory', async () => {
    await servers.setFault(pod, 'gzip-bomb');
    const { body } = await scrape(servers.address(pod));
    expect(body.length).toBeLessThan(100_000);
    expect(gunzipSync(body).length).toBe(64 * 1024 * 1024);
  });

  test('refuse: nobody listens, and afterwards the address is the same', async () => {
    const address = servers.address(pod);
    await servers.setFault(pod, 'refuse');
    await expect(scrape(address)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await servers.setFault(pod, undefined);
    expect(await uptime(address)).toBe('60');
  });

  test('hang: connected, and no answer until the reader gives up', async () => {
    await servers.setFault(pod, 'hang');
    const outcome = new Promise((resolve) => {
      const request = get(`http://${servers.address(pod)}/stats/prometheus`, () => resolve('answered'));
      request.on('socket', (socket) => socket.on('connect', () => setImmediate(() => request.destroy())));
      request.on('error', () => resolve('gave up'));
    });
    expect(await outcome).toBe('gave up');
  });
});
