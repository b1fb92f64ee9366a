import type { AlertEpisode } from '../../domain/alert.js';
import type { EpochSeconds } from '../../domain/clock.js';

/** An alert that nobody speaks of for so long is over: some times the interval in which it is told again. */
export const deadlineSeconds = 300;

/** When an alert is posted, and by whose clock it is read. */
export interface PostingTime {
  readonly now: EpochSeconds;
  /** The wall clock of the Alertmanager. */
  readonly theirNow: EpochSeconds;
}

/**
 * One alert of `POST /api/v2/alerts`, as JSON.
 *
 * A firing one ends at a moving deadline, by whichever clock is ahead, so that it neither is over at once nor stays for
 * ever. What has ended has ended by both clocks, and nothing begins in the future.
 *
 * @param page base address of the page, without a slash at its end
 * @see https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml
 */
export function postedAlert(episode: AlertEpisode, { now, theirNow }: PostingTime, page: string | undefined): string {
  const { name, severity, labels, annotations, startedAt, endedAt } = episode;
  const past = Math.min(now, theirNow);
  const endsAt = endedAt === undefined ? Math.max(now, theirNow) + deadlineSeconds : Math.min(endedAt, past);
  return JSON.stringify({
    labels: { ...labels, alertname: name, severity },
    annotations,
    startsAt: iso(Math.min(startedAt, past, endsAt)),
    endsAt: iso(endsAt),
    ...(page !== undefined && { generatorURL: severity === 'heartbeat' ? page : `${page}/alerts/${episode.id}` }),
  });
}

function iso(at: EpochSeconds): string {
  return new Date(at * 1000).toISOString();
}
