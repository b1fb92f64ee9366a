import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Failure } from '../../../src/domain/failure.js';
import type { RangeSeries } from '../../../src/prometheus/http-prometheus.js';
import { previewApp } from '../../../src/server/preview/preview-app.js';
import { istioBoards } from '../../generate/dashboards/made-up-boards.js';
import { filled, readPromql } from '../../support/boards/read-promql.js';

const boards = istioBoards();
const now = 1_795_168_815;
const evil = '<script>alert(1)</script>';

/** A Prometheus that answers every question with two series of evil names, and remembers what it was asked. */
const asked: string[] = [];
let trouble: Failure | undefined;
const prometheus = {
  instant: (query: string) => answer(query).then((all) => all.map(({ labels }) => ({ labels, value: 0.5 }))),
  range: (query: string) => answer(query),
};

function answer(query: string): Promise<readonly RangeSeries[]> {
  asked.push(query);
  if (trouble) return Promise.reject(trouble);
  const labels = {
    cluster: 'eu-1',
    namespace: evil,
    service: evil,
    instance: evil,
    version: evil,
    le: '0.5',
    id: evil,
  };
  const samples = [now - 600, now - 540, now - 300].map((at, index) => ({ at, value: index }));
  return Promise.resolve([
    { labels, samples },
    { labels: { ...labels, le: '1', id: 'b' }, samples },
  ]);
}

let server: Server;
let base = '';

beforeAll(async () => {
  const onBug = (error: unknown): void => {
    throw error;
  };
  server = createServer(previewApp({ boards, prometheus, clock: { now: () => now }, onBug }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => void server.close());

describe('the preview', () => {
  test('lists every board, and shows each', async () => {
    const list = await (await fetch(`${base}/boards`)).text();
    for (const { uid } of boards) {
      expect(list).toContain(`href="/boards/${uid}"`);
      const response = await fetch(`${base}/boards/${uid}`);
      expect(response.status).toBe(200);
      const text = await response.text();
      expect(text).toContain('<section class="panel');
      expect(text).toContain('times are UTC');
      expect(text).not.toContain('<script');
    }
  });

  test('asks what stands in the boards, with valid PromQL only', () => {
    expect(asked.length).toBeGreaterThan(100);
    for (const query of asked) expect(readPromql(filled(query)).errors).toEqual([]);
  });

  test('asks nothing that an address brings along, and takes no value that is not there', async () => {
    asked.length = 0;
    await fetch(`${base}/boards/meshslo-slos?var-namespace=${encodeURIComponent('"} or up{a="')}&last=1e99`);
    expect(asked.some((query) => query.includes('or up'))).toBe(false);
  });

  test('says why a Prometheus does not answer', async () => {
    trouble = new Failure('target-unreachable', 'http://prometheus.example: connection refused');
    const board = boards.find(({ variables }) => variables.length === 0)!;
    expect(await (await fetch(`${base}/boards/${board.uid}`)).text()).toContain('connection refused');
    const withVariables = await fetch(`${base}/boards/meshslo-slos`);
    expect(withVariables.status).toBe(502);
    trouble = undefined;
  });

  test('knows no other board, and no other name of this machine', async () => {
    expect((await fetch(`${base}/boards/other`)).status).toBe(404);
    const { request } = await import('undici');
    expect((await request(`${base}/boards`, { headers: { host: 'evil.example' } })).statusCode).toBe(403);
  });
});
