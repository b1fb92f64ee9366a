import type { Clock } from '../../domain/clock.js';
import type { Config } from '../../config/config.js';
import { Failure } from '../../domain/failure.js';
import type { FailureCode } from '../../domain/failure.js';
import type { PrometheusApi } from '../prometheus-api.js';
import { checkBuckets } from './check-buckets.js';
import { checkCardinality } from './check-cardinality.js';
import { checkClock, checkLateness, checkMoment } from './check-clock.js';
import { checkClusters } from './check-clusters.js';
import { checkInterval } from './check-interval.js';
import { checkMetrics } from './check-metrics.js';
import { checkRetention } from './check-retention.js';
import { checkSteps } from './check-steps.js';
import { checkTargetLabels } from './check-target-labels.js';
import type { LiveFinding } from './finding.js';
import { liveNeeds } from './live-needs.js';

/** What a look at a server has shown, in the order of its importance. */
export interface LiveCheck {
  /** Of the server; undefined where it does not tell. */
  readonly version: string | undefined;
  readonly findings: readonly LiveFinding[];
}

/** Refusals of one question say nothing of the others. */
const ofOneQuestion: ReadonlySet<FailureCode> = new Set(['target-status', 'target-timeout', 'body-too-large']);

/**
 * Looks whether a server has what the rules of a configuration need.
 *
 * @throws Failure where it cannot be asked at all
 */
export async function runLiveCheck(api: PrometheusApi, config: Config, clock: Clock): Promise<LiveCheck> {
  const version = await api.version();
  await api.instant('vector(1)');
  const now = clock.now() + (api.clockAheadSeconds ?? 0);
  const meshes = liveNeeds(config).filter(({ slos }) => slos.length > 0);
  const findings = [checkClock(api)];
  const look = async (what: string, check: () => Promise<readonly LiveFinding[]>): Promise<void> => {
    findings.push(...(await attempted(what, check)));
  };
  await look('the moment of its answers', () => checkMoment(api, now));
  for (const mesh of meshes) {
    const { name } = mesh.pack;
    const before = findings.length;
    await look(`the metrics of ${name}`, () => checkMetrics(api, mesh));
    const isAbsent = findings.slice(before).some(({ code }) => code === 'metric-absent');
    if (!isAbsent) await look(`the buckets of ${name}`, () => checkBuckets(api, mesh));
    await look(`the clusters of ${name}`, () => checkClusters(api, mesh, config.rules));
    await look(`the targets of ${name}`, () => checkTargetLabels(api, mesh, config.rules));
    await look(`the scrape interval of ${name}`, () => checkInterval(api, mesh, now));
    await look(`the age of samples of ${name}`, () => checkLateness(api, mesh, { now, rules: config.rules }));
    await look(`the series of ${name}`, () => checkCardinality(api, mesh));
  }
  if (meshes.length > 0) await look('the retention', () => checkRetention(api, meshes, now));
  findings.push(...checkSteps(meshes));
  return { version, findings };
}

async function attempted(what: string, check: () => Promise<readonly LiveFinding[]>): Promise<readonly LiveFinding[]> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof Failure && ofOneQuestion.has(error.code))) throw error;
    const hint = 'ask again when it is less busy, or raise its limits (--query.max-samples, --query.timeout)';
    return [{ verdict: 'unknown', code: 'not-told', message: `${what} cannot be told: ${error.message}`, hint }];
  }
}
