/**
 * Everything that is generated for 1,000 services, and for 5,000: rules, their tests, Alertmanager's configuration, dashboards:
 * `npm run bench:generate [-- --json] [-- --full]`; full generates for 5,000 too.
 *
 * Each size in a process of its own, from SLOs to the bytes of every file, one file after the other as `meshslo generate` writes them.
 */
import { execFileSync } from 'node:child_process';
import { median, show } from './table.mjs';

const sizes = [1000, 5000];
const rounds = 3;

export function bench({ json, full }) {
  const figures = {};
  const rows = [];
  for (const services of full ? sizes : sizes.slice(0, 1)) {
    const runs = Array.from({ length: rounds }, () => once(services));
    const middle = (pick) => median(runs.map(pick));
    const [first] = runs;
    const one = {
      seconds: middle((run) => run.seconds),
      cpuSeconds: middle((run) => run.cpuSeconds),
      peakMegabytes: middle((run) => run.peakMegabytes),
      startMegabytes: middle((run) => run.startMegabytes),
      files: first.files,
      parts: Object.fromEntries(
        Object.keys(first.parts).map((name) => [
          name,
          { seconds: middle((run) => run.parts[name].seconds), megabytes: first.parts[name].megabytes },
        ]),
      ),
    };
    figures[services] = one;
    for (const [name, { seconds, megabytes }] of Object.entries(one.parts)) {
      rows.push([`${services}: ${name}`, seconds.toFixed(2), megabytes.toFixed(2), '']);
    }
    const goal = services === 1000 ? '< 2 s, < 300 MB' : 'works';
    rows.push([
      `${services}: all, ${one.files} files`,
      `${one.seconds.toFixed(2)} (${one.cpuSeconds.toFixed(2)} of CPU)`,
      `${one.peakMegabytes.toFixed(0)} at peak`,
      goal,
    ]);
  }
  show({
    title: `Generating for many services (three SLOs each), median of ${rounds} processes`,
    columns: ['services: what', 'seconds', 'MB', 'goal'],
    rows,
    figures,
    json,
  });
}

function once(services) {
  const script = new URL('generate-once.mjs', import.meta.url).pathname;
  return JSON.parse(
    execFileSync(process.execPath, [script, String(services)], { encoding: 'utf8', maxBuffer: 1 << 20 }),
  );
}
