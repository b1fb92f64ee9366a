/** One process that generates everything for so many services, and says what it cost: `node bench/generate-once.mjs 1000`. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../dist/config/load-config.js';
import { usualAlerts } from '../dist/domain/slo.js';
import { alertmanagerOutput } from '../dist/publish/alertmanager-output.js';
import { documentsOf } from '../dist/publish/documents.js';
import { fileObjects } from '../dist/publish/files/file-objects.js';

const services = Number(process.argv[2]);
const day = 86_400;

const folder = mkdtempSync(join(tmpdir(), 'meshslo-generate-'));
const config = configOf(folder);
rmSync(folder, { recursive: true });
const slos = Array.from({ length: services }, (_, number) => slosOf(number)).flat();
const startMegabytes = process.resourceUsage().maxRSS / 1024;

const parts = {};
let files = 0;
const began = performance.now();
const cpuBefore = process.cpuUsage();
const [alertmanager] = timed('Alertmanager', () => [alertmanagerOutput(config).text]);
let documents;
timed('rules as expressions, one board of each kind', () => {
  documents = documentsOf({ config, slos, alertmanager });
  return [];
});
for (const content of ['rules', 'tests', 'dashboards']) {
  timed(`${content} as files`, function* () {
    for (const file of fileObjects(documents, [content])) yield file.content();
  });
}
const seconds = (performance.now() - began) / 1000;
const { user, system } = process.cpuUsage(cpuBefore);

console.log(
  JSON.stringify({
    seconds,
    cpuSeconds: (user + system) / 1e6,
    startMegabytes,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
    files,
    parts,
  }),
);

/** Lets each text go once its bytes are there, as a run that writes them does; measures how long it took and how large they are. */
function timed(name, make) {
  const start = performance.now();
  const made = make();
  let bytes = 0;
  for (const text of made) {
    bytes += Buffer.from(text).length;
    files += 1;
  }
  parts[name] = { seconds: (performance.now() - start) / 1000, megabytes: bytes / 1e6 };
  return made;
}

function slosOf(number) {
  const common = {
    service: { cluster: 'bench', namespace: `namespace-${number % 40}`, name: `service-${number}` },
    mesh: 'istio',
    perspective: 'server',
    filter: {},
    objective: 0.999,
    window: { kind: 'rolling', seconds: 30 * day },
    budgeting: { method: 'occurrences' },
    alerts: usualAlerts,
    owner: `team-${number % 60}`,
    tier: ['critical', 'standard', 'best-effort'][number % 3],
    origin: 'default',
  };
  return [
    { ...common, name: 'availability', indicator: { kind: 'availability' } },
    { ...common, name: 'latency', indicator: { kind: 'latency', thresholdSeconds: 1 }, objective: 0.99 },
    { ...common, name: 'mesh', indicator: { kind: 'availability' }, perspective: 'mesh-failures' },
  ];
}

function configOf(place) {
  const file = join(place, 'meshslo.yaml');
  const owners = Array.from({ length: 60 }, (_, number) => `    - { owner: team-${number}, receiver: chat-${number} }`);
  const receivers = Array.from(
    { length: 60 },
    (_, number) => `    - { name: chat-${number}, slack: { channel: '#team-${number}', api_url_file: /etc/slack } }`,
  );
  writeFileSync(
    file,
    `cluster: bench
links: { page: 'https://meshslo.example', runbooks: 'https://runbooks.example/{alert}' }
scrape: { jobs: [{ name: sidecars, mesh: istio, targets: [{ static: ['127.0.0.1:1'] }] }] }
notifications:
  receivers:
${receivers.join('\n')}
  default: { page: chat-0, ticket: chat-1 }
  owners:
${owners.join('\n')}
`,
  );
  const { config: loaded, diagnostics } = loadConfig(file);
  if (!loaded) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return loaded;
}
