/** How fast bodies of sidecars are read, beside what bounds it: `npm run bench:exposition [-- --json]`. */
import { existsSync, readFileSync } from 'node:fs';
import { LineCursor } from '../dist/exposition/line-cursor.js';
import { readExposition } from '../dist/exposition/read-exposition.js';
import { SelectiveReader } from '../dist/exposition/selective-reader.js';
import { readWithLabels } from './label-building-reader.mjs';
import { movingBodies, sidecarBody } from './sidecar-body.mjs';
import { median, medianRatio, show, sideBySide } from './table.mjs';

const recordings = ['istio-proxy_1.5_details_datadog.prom', 'istio-proxy-merged_1.11.4_datadog.prom'];
const folder = '../shared/fixtures/istio/';
const wanted = new Set([
  'istio_requests_total',
  'istio_request_duration_milliseconds_bucket',
  'istio_request_duration_milliseconds_count',
  'envoy_server_uptime',
  'envoy_server_memory_allocated',
  'envoy_server_total_connections',
]);

export function bench({ json }) {
  const bodies = recordings
    .filter((name) => existsSync(folder + name))
    .map((name) => ({ name, body: readFileSync(folder + name) }));
  if (bodies.length < recordings.length) {
    if (!json) console.log('The recordings of ../shared/fixtures are absent: a generated sidecar stands in for them.');
    bodies.push({ name: 'generated sidecar', body: sidecarBody() });
  }

  const rows = [];
  const figures = {};
  for (const { name, body } of bodies) {
    const seconds = measure(body);
    const megabytesPerSecond = (reader) => body.length / 1e6 / median(seconds[reader]);
    const ratio = (above, below) => Math.round(medianRatio(seconds[above], seconds[below]) * 1000) / 1000;
    for (const reader of Object.keys(seconds)) {
      rows.push([name, reader, (median(seconds[reader]) * 1e6).toFixed(1), megabytesPerSecond(reader).toFixed(0)]);
    }
    figures[name] = {
      bytes: body.length,
      megabytesPerSecond: Object.fromEntries(
        Object.keys(seconds).map((reader) => [reader, Math.round(megabytesPerSecond(reader))]),
      ),
      completeToLabelBuilding: ratio('label-building reader', 'complete reader, lines (LineCursor)'),
      familiesToLabelBuilding: ratio('label-building reader', 'complete reader, families built'),
      replayToNewlineScan: ratio('newline scan (bound)', 'selective reader, replay'),
      longerReplayToNewlineScan: ratio('newline scan (bound)', 'selective reader, replay of 1,000 and up'),
    };
    rows.push([name, 'lines : label-building (goal 2)', '', figures[name].completeToLabelBuilding.toFixed(2)]);
    rows.push([name, 'families : label-building', '', figures[name].familiesToLabelBuilding.toFixed(2)]);
    rows.push([name, 'replay : newline scan (goal 0.45)', '', figures[name].replayToNewlineScan.toFixed(2)]);
    rows.push([name, 'the same of 1,000 and up', '', figures[name].longerReplayToNewlineScan.toFixed(2)]);
  }
  show({
    title:
      'Reading one body (medians, of the ratios within a round too; every counter of the wanted families and a third of the others moves)',
    columns: ['body', 'reader', 'us/body', 'MB/s'],
    rows,
    figures,
    json,
  });
}

function measure(body) {
  const bodies = movingBodies(body, 16);
  const replaying = new SelectiveReader(wanted);
  for (const moving of bodies) replaying.read(moving);
  const longer = movingBodies(body, 16, 1000);
  const replayingLonger = new SelectiveReader(wanted);
  for (const moving of longer) replayingLonger.read(moving);
  return sideBySide({
    'label-building reader': (call) => readWithLabels(bodies[call % 16]),
    'complete reader, families built': (call) => readExposition(bodies[call % 16], { format: 'prometheus-text' }),
    'complete reader, lines (LineCursor)': (call) => walk(bodies[call % 16]),
    'selective reader, first read': (call) => new SelectiveReader(wanted).read(bodies[call % 16]),
    'selective reader, replay': (call) => replaying.read(bodies[call % 16]),
    'selective reader, replay of 1,000 and up': (call) => replayingLonger.read(longer[call % 16]),
    'newline scan (bound)': (call) => scanNewlines(bodies[call % 16]),
  });
}

function walk(body) {
  const cursor = new LineCursor(body, 'tolerant');
  let samples = 0;
  while (cursor.next()) if (cursor.kind === 'sample') samples++;
  return samples;
}

function scanNewlines(body) {
  let lines = 0;
  for (let at = body.indexOf(10); at >= 0; at = body.indexOf(10, at + 1)) lines++;
  return lines;
}
