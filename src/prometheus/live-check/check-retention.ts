import { formatDuration, parseDuration } from '../../domain/duration.js';
import { printExpression } from '../../promql/printer.js';
import type { PrometheusApi } from '../prometheus-api.js';
import { good, named } from './finding.js';
import type { LiveFinding } from './finding.js';
import type { MeshNeeds } from './live-needs.js';
import { seriesOf } from './series-count.js';

const day = 86_400;

/** What Prometheus keeps when nobody says how long, nor how much. */
const usualRetentionSeconds = 15 * day;

/** Whether samples are kept for as long as the longest window, and how far back they reach by now. */
export async function checkRetention(
  api: PrometheusApi,
  meshes: readonly MeshNeeds[],
  now: number,
): Promise<readonly LiveFinding[]> {
  const slos = meshes.flatMap((mesh) => mesh.slos);
  if (slos.length === 0) return [];
  const longest = Math.max(...slos.map(({ windowSeconds }) => windowSeconds));
  const asking = slos.filter(({ windowSeconds }) => windowSeconds === longest).map(({ name }) => name);
  const need = `${formatDuration(longest)} (${named(asking)})`;
  return [
    ofFlags(await api.flags(), longest, need),
    ...(await Promise.all(meshes.map((mesh) => ofHistory(api, mesh, longest, now)))),
  ];
}

function ofFlags(flags: Readonly<Record<string, string>> | undefined, longest: number, need: string): LiveFinding {
  const time = flags?.['storage.tsdb.retention.time'];
  if (flags === undefined || time === undefined) {
    const message = `it does not tell how long it keeps samples; the longest window is ${need}`;
    return { verdict: 'unknown', code: 'retention-unknown', message, hint: 'make sure that it keeps them as long' };
  }
  const size = flags['storage.tsdb.retention.size'] ?? '0B';
  const isBySize = !/^0\D*$/.test(size);
  const said = parseDuration(time.replace(/(\d+)y/g, (_, years: string) => `${Number(years) * 365}d`)) ?? 0;
  if (said === 0 && isBySize) {
    const message = `it keeps ${size} of samples, however long that is; the longest window is ${need}`;
    return { verdict: 'unknown', code: 'retention-by-size', message, hint: 'add --storage.tsdb.retention.time' };
  }
  const kept = said === 0 ? usualRetentionSeconds : said;
  if (kept >= longest)
    return good('retention', `samples are kept for ${formatDuration(kept)}; the longest window is ${need}`);
  const wanted = formatDuration(Math.ceil((longest * 1.1) / day) * day);
  return {
    verdict: 'error',
    code: 'retention-too-short',
    message: `samples are kept for ${formatDuration(kept)}, and the longest window is ${need}`,
    hint: `start it with --storage.tsdb.retention.time=${wanted}, or shorten the window`,
  };
}

/** Looks at moments of the longest window, the farthest first; that costs the server no more than that many moments. */
async function ofHistory(api: PrometheusApi, { pack }: MeshNeeds, longest: number, now: number): Promise<LiveFinding> {
  const [family = ''] = pack.requests.families;
  const query = printExpression({ kind: 'aggregation', operator: 'count', by: [], of: seriesOf(family) });
  for (let back = longest; back >= 600; back /= 2) {
    if ((await api.instant(query, now - back)).length === 0) continue;
    if (back === longest) return good('history', `${family} reaches back ${formatDuration(longest)}`);
    const reached = formatDuration(Math.floor(back / 60) * 60);
    return young(`${family} reaches back ${reached}, and not twice as long`, longest);
  }
  return young(`${family} reaches back less than 20 minutes`, longest);
}

function young(message: string, longest: number): LiveFinding {
  const hint = `until then, windows of ${formatDuration(longest)} are told from what there is`;
  return { verdict: 'warning', code: 'history-short', message, hint };
}
