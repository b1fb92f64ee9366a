import { createHash } from 'node:crypto';
import type { EpochSeconds } from '../../domain/clock.js';
import type { ToldAlert } from './alertmanager-message.js';

/** How a Sensu event is made of an alert, beside the alert itself. */
export interface SensuSettings {
  /** Of Sensu. */
  readonly namespace: string;
  /** Sensu's own handlers, by name. */
  readonly handlers: readonly string[];
}

/** An event as Sensu Go's agent and backend take it. @see https://docs.sensu.io/sensu-go/latest/observability-pipeline/observe-events/events/ */
export interface SensuEvent {
  readonly timestamp: EpochSeconds;
  readonly entity: { readonly entity_class: 'proxy'; readonly metadata: SensuMetadata };
  readonly check: {
    readonly metadata: SensuMetadata;
    /** 0 is well, 1 a warning, 2 critical. */
    readonly status: 0 | 1 | 2;
    readonly output: string;
    readonly interval: number;
    /** After so many seconds without another event Sensu itself raises the alarm. */
    readonly ttl?: number;
    readonly handlers: readonly string[];
  };
}

interface SensuMetadata {
  readonly name: string;
  readonly namespace: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** How often a heartbeat should come, as Sensu counts; three may be lost. */
const heartbeatTtlSeconds = 300;

const links = [
  ['page_url', 'Page'],
  ['dashboard_url', 'Dashboard'],
  ['runbook_url', 'Runbook'],
] as const;

/**
 * An alert as an event: the service is the entity, the alert the check, and its end is a check that is well again.
 *
 * The heartbeat is always well, and has a time to live: its silence is what Sensu tells.
 */
export function sensuEvent(alert: ToldAlert, { namespace, handlers }: SensuSettings, now: EpochSeconds): SensuEvent {
  const { status, labels } = alert;
  const { alertname = 'unknown', cluster = '', namespace: place = '', service = '', slo = '' } = labels;
  const isHeartbeat = labels['severity'] === 'heartbeat';
  return {
    timestamp: Math.floor(now),
    entity: { entity_class: 'proxy', metadata: { name: nameOf([cluster, place, service], 'meshslo'), namespace } },
    check: {
      metadata: { name: nameOf([alertname, slo], 'unknown'), namespace, labels },
      status: status === 'resolved' || isHeartbeat ? 0 : labels['severity'] === 'page' ? 2 : 1,
      output: outputOf(alert),
      interval: 60,
      ...(isHeartbeat && status === 'firing' && { ttl: heartbeatTtlSeconds }),
      handlers,
    },
  };
}

/** Sensu's names hold letters, digits, `_`, `.` and `-`; where that loses something, a hash keeps two names apart. */
function nameOf(parts: readonly string[], none: string): string {
  const there = parts.filter((part) => part !== '');
  const name = there.map((part) => part.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 60)).join('.');
  if (name === '') return none;
  if (there.length === parts.length && there.join('.') === name) return name;
  return there.join('.') === name
    ? name
    : `${name}.${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 8)}`;
}

function outputOf({ status, labels, annotations }: ToldAlert): string {
  const { summary = labels['alertname'] ?? 'an alert', description, action } = annotations;
  if (status === 'resolved') return `Resolved: ${summary}`;
  const linkLines = links.flatMap(([key, title]) => {
    const link = annotations[key];
    return link === undefined ? [] : [`${title}: ${link}`];
  });
  return [summary, description, action, ...linkLines].filter((line) => line !== undefined).join('\n');
}
