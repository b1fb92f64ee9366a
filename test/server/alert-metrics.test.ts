import { expect, test } from '@jest/globals';
import { createOwnMetrics } from '../../src/server/own-metrics.js';
import { MadeUpReader, noon } from './made-up-reader.js';

test('metrics tell what fires, how each Alertmanager takes it, and when somebody last looked', async () => {
  const reader = new MadeUpReader();
  const metrics = createOwnMetrics(reader, { now: () => noon }, '1');
  const well = { lastSuccessAt: noon, failure: undefined, refused: undefined, troubleSeconds: 0 };
  reader.watcher = {
    ...reader.watcher,
    alerting: {
      ...reader.watcher.alerting,
      firing: { pages: 2, tickets: 1 },
      inhibited: 1,
      alertmanagers: [
        { ...well, url: 'http://a', troubleSince: undefined, waiting: 0 },
        { ...well, url: 'http://b', troubleSince: noon - 60, waiting: 3 },
      ],
    },
  };
  metrics.alerts.evaluated(0.2);
  metrics.alerts.posted({ url: 'http://a', outcome: 'ok', alerts: 3, durationSeconds: 0.02 });
  metrics.alerts.posted({ url: 'http://b', outcome: 'target-timeout', alerts: 3, durationSeconds: 10 });
  const text = await metrics.render();
  for (const line of [
    'meshslo_alerts{severity="page",state="firing"} 2',
    'meshslo_alerts{severity="ticket",state="firing"} 1',
    'meshslo_alerts{severity="ticket",state="inhibited"} 1',
    `meshslo_alert_last_evaluation_timestamp_seconds ${noon}`,
    'meshslo_alert_evaluation_duration_seconds_count 1',
    'meshslo_alerts_unsaved 0',
    'meshslo_notifications_total{alertmanager="http://a",outcome="ok"} 3',
    'meshslo_notifications_total{alertmanager="http://b",outcome="target-timeout"} 3',
    'meshslo_notification_duration_seconds_sum{alertmanager="http://b"} 10',
    'meshslo_alertmanager_up{alertmanager="http://a"} 1',
    'meshslo_alertmanager_up{alertmanager="http://b"} 0',
    'meshslo_notifications_waiting{alertmanager="http://b"} 3',
  ]) {
    expect(text.split('\n')).toContain(line);
  }
  reader.watcher = { ...reader.watcher, alerting: { ...reader.watcher.alerting, alertmanagers: [] } };
  expect(await metrics.render()).not.toContain('meshslo_alertmanager_up{');
});
