/**
 * A fleet of sidecars for `bench/scrape.mjs`, cheap to serve: the bodies of every moment are made, and compressed, in
 * advance. Counters move every 5 s. Says where it listens, then answers every line on stdin with the scrapes by agent.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { movingBodies, sidecarBody } from './sidecar-body.mjs';

const [targets, seconds] = process.argv.slice(2).map(Number);
const recording = '../shared/fixtures/istio/istio-proxy_1.5_details_datadog.prom';
const wantedBytes = 426_000;
const stepSeconds = 5;

const recorded = existsSync(recording);
const body = withMoreCallers(recorded ? readFileSync(recording) : sidecarBody());
const moments = movingBodies(body, Math.ceil(seconds / stepSeconds) + 1).map((moment, step) => {
  const aged = Buffer.from(
    moment.toString('latin1').replace(/^(envoy_server_uptime\{\}) .*$/m, `$1 ${5000 + step * 5}`),
    'latin1',
  );
  return { identity: answer(aged, ''), gzip: answer(gzipSync(aged), 'Content-Encoding: gzip\r\n') };
});

const startedAt = performance.now();
const scrapes = {};
const ports = await Promise.all(Array.from({ length: targets }, () => listen()));
console.log(JSON.stringify({ ports, bodyBytes: body.length, recorded }));
process.stdin.on('data', () => console.log(JSON.stringify({ scrapes })));

function listen() {
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    let request = '';
    socket.on('data', (bytes) => {
      request += bytes.toString('latin1');
      if (!request.endsWith('\r\n\r\n')) return;
      const gzip = /accept-encoding:[^\r]*gzip/i.test(request);
      const agent = request.includes('Prometheus/') ? 'Prometheus' : `meshslo ${gzip ? 'gzip' : 'identity'}`;
      scrapes[agent] = (scrapes[agent] ?? 0) + 1;
      request = '';
      const step = Math.floor((performance.now() - startedAt) / 1000 / stepSeconds);
      const moment = moments[Math.min(step, moments.length - 1)];
      socket.write(gzip ? moment.gzip : moment.identity);
    });
  });
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done(server.address().port)));
}

function answer(body, header) {
  const head = `HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=UTF-8\r\n${header}Content-Length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}

/** The same sidecar, called by more workloads, until its body has the wanted size. */
function withMoreCallers(body) {
  const lines = body.toString('latin1').trimEnd().split('\n');
  const calls = lines.filter((line) => line.startsWith('istio_') && line.includes('reporter="destination"'));
  let text = lines.join('\n');
  for (let caller = 1; text.length < wantedBytes; caller++) {
    const more = calls.map((line) => line.replace(/source_workload="[^"]*"/, `source_workload="caller-${caller}"`));
    text += `\n${more.join('\n')}`;
  }
  return Buffer.from(`${text}\n`, 'latin1');
}
