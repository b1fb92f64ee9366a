import { type ActiveAlert, alertKey } from '../../domain/alert.js';
import { alertSeverities } from '../../domain/alert-names.js';
import type { EpochSeconds } from '../../domain/clock.js';
import { formatDuration } from '../../domain/duration.js';
import type { LinkSettings } from '../../config/config.js';
import { ownLabels, ownLinks, shownSeconds } from '../alert-links.js';
import { type AlertmanagerHealth, troubleOf } from './alertmanager-health.js';

/** An evaluator that has not looked for so long is stuck: it looks every minute, and a slow look takes seconds. */
const stuckAfterSeconds = 180;

/** Alertmanagers come and go with every update of their machines; what lasts longer is nobody's update. */
const failingAfterSeconds = 300;

const ownNames = ['MeshsloWatchdog', 'MeshsloEvaluatorStuck', 'MeshsloNotificationsFailing'] as const;

/** Whether it is about meshslo itself, and not found by looking at the ledger. */
export function isOwnAlert(name: string): boolean {
  return name === 'MeshsloScrapeLagging' || (ownNames as readonly string[]).includes(name);
}

/** How alerting itself is. */
export interface AlertingHealth {
  /** When meshslo last looked at its ledger for alerts, or began to run. */
  readonly lastLookAt: EpochSeconds;
  /** How long ago that is, by a clock that never jumps. */
  readonly sinceLookSeconds: number;
  readonly alertmanagers: readonly AlertmanagerHealth[];
}

interface OwnAlertContext {
  /** Where this meshslo runs: two of them may tell the same Alertmanager. */
  readonly cluster: string;
  /** Who acts for meshslo itself. */
  readonly owner?: string | undefined;
  readonly links: LinkSettings;
  readonly now: EpochSeconds;
  /** Keys of what is firing already. */
  readonly isFiring: (key: string) => boolean;
}

/** What meshslo has to say of its own alerting; always the heartbeat, whose silence is the news. */
export function ownAlerts(health: AlertingHealth, context: OwnAlertContext): readonly ActiveAlert[] {
  return [watchdog(context), ...evaluatorStuck(health, context), ...notificationsFailing(health, context)];
}

function watchdog(context: OwnAlertContext): ActiveAlert {
  const texts = {
    summary: 'meshslo is alive and reaches this Alertmanager',
    description: 'This alert always fires. When it stops, nobody would be told of anything.',
    action: 'None while it fires. When it is silent: see whether meshslo runs and reaches this Alertmanager.',
  };
  // Prometheus has a watchdog of its own: were they one alert, either would hide the other's silence.
  return ownAlert('MeshsloWatchdog', context, texts, { watcher: 'meshslo' });
}

function evaluatorStuck(
  { lastLookAt, sinceLookSeconds }: AlertingHealth,
  context: OwnAlertContext,
): readonly ActiveAlert[] {
  if (sinceLookSeconds < stuckAfterSeconds) return [];
  const since = new Date(lastLookAt * 1000).toISOString().replace(/\.\d+/, '');
  return [
    ownAlert('MeshsloEvaluatorStuck', context, {
      summary: 'meshslo has stopped looking for alerts',
      description:
        `Nobody has looked at the ledger since ${since}: what begins to burn now calls nobody, ` +
        'and what was firing then is told on as if it still were.',
      action:
        "Read meshslo's log and /api/v1/status: a full disk and a damaged ledger are named there. Restart it otherwise.",
    }),
  ];
}

/** One that was failing before a restart goes on failing until something is taken. */
function notificationsFailing({ alertmanagers }: AlertingHealth, context: OwnAlertContext): readonly ActiveAlert[] {
  return alertmanagers.flatMap((health) => {
    const { url, lastSuccessAt, troubleSeconds, waiting } = health;
    const trouble = troubleOf(health);
    const alert = ownAlert(
      'MeshsloNotificationsFailing',
      context,
      {
        summary: `Alertmanager ${url} does not take alerts`,
        description:
          `${trouble ?? 'It has taken nothing since meshslo started'}; so for ` +
          `${formatDuration(Math.round(troubleSeconds))}. ${waiting} alerts wait for it; other Alertmanagers are told.`,
        action: 'See whether it runs, and whether address, certificates and login are right; meshslo goes on trying.',
      },
      { alertmanager: url },
    );
    const isLasting = trouble !== undefined && troubleSeconds >= failingAfterSeconds;
    const isUnchanged = (trouble !== undefined || lastSuccessAt === undefined) && context.isFiring(alertKey(alert));
    return isLasting || isUnchanged ? [alert] : [];
  });
}

function ownAlert(
  name: (typeof ownNames)[number],
  { cluster, owner, links, now }: OwnAlertContext,
  texts: { readonly summary: string; readonly description: string; readonly action: string },
  labels: Readonly<Record<string, string>> = {},
): ActiveAlert {
  return {
    name,
    severity: alertSeverities[name],
    labels: { ...ownLabels({ cluster, owner }), ...labels },
    annotations: {
      ...texts,
      ...ownLinks(links, { alert: name, cluster, range: { from: now - shownSeconds, to: now } }),
    },
  };
}
