import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { AlertingState } from '../alerting/alert-desk.js';
import type { Posted } from '../alerting/delivery/alertmanager-sender.js';

/** What meshslo tells of its alerts. */
export interface AlertMetrics {
  evaluated(durationSeconds: number): void;
  posted(posted: Posted): void;
  /** Sets those of the moment. */
  read(state: AlertingState): void;
}

export function alertMetrics(registers: Registry[]): AlertMetrics {
  const evaluations = new Histogram({
    name: 'meshslo_alert_evaluation_duration_seconds',
    help: 'Time that one look for alerts took.',
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  const notifications = new Counter({
    name: 'meshslo_notifications_total',
    help: 'Alerts posted to an Alertmanager, each time anew, by how the request ended.',
    labelNames: ['alertmanager', 'outcome'],
    registers,
  });
  const latency = new Histogram({
    name: 'meshslo_notification_duration_seconds',
    help: 'Time that one request to an Alertmanager took.',
    labelNames: ['alertmanager'],
    buckets: [0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60],
    registers,
  });
  const readers = [alertGauges(registers), alertmanagerGauges(registers)];
  return {
    evaluated: (durationSeconds) => evaluations.observe(durationSeconds),
    posted: ({ url, outcome, alerts, durationSeconds }) => {
      notifications.inc({ alertmanager: url, outcome }, alerts);
      latency.observe({ alertmanager: url }, durationSeconds);
    },
    read: (state) => {
      for (const read of readers) read(state);
    },
  };
}

function alertGauges(registers: Registry[]): (state: AlertingState) => void {
  const alerts = new Gauge({
    name: 'meshslo_alerts',
    help: 'Alerts that go on; an inhibited one calls nobody while a page of its SLO fires.',
    labelNames: ['severity', 'state'],
    registers,
  });
  const lastLook = new Gauge({
    name: 'meshslo_alert_last_evaluation_timestamp_seconds',
    help: 'When meshslo last looked for alerts, or began to run.',
    registers,
  });
  const unsaved = new Gauge({
    name: 'meshslo_alerts_unsaved',
    help: 'Alerts that could not be written into the history yet.',
    registers,
  });
  return ({ firing, inhibited, lastLookAt, unsaved: waiting }) => {
    alerts.set({ severity: 'page', state: 'firing' }, firing.pages);
    alerts.set({ severity: 'ticket', state: 'firing' }, firing.tickets);
    alerts.set({ severity: 'ticket', state: 'inhibited' }, inhibited);
    lastLook.set(lastLookAt);
    unsaved.set(waiting?.episodes ?? 0);
  };
}

function alertmanagerGauges(registers: Registry[]): (state: AlertingState) => void {
  const up = new Gauge({
    name: 'meshslo_alertmanager_up',
    help: '0 while an Alertmanager does not take what it is told, or refuses a part of it.',
    labelNames: ['alertmanager'],
    registers,
  });
  const waiting = new Gauge({
    name: 'meshslo_notifications_waiting',
    help: 'Alerts, and ends of alerts, that an Alertmanager has not heard of yet.',
    labelNames: ['alertmanager'],
    registers,
  });
  return ({ alertmanagers }) => {
    up.reset();
    waiting.reset();
    for (const { url, troubleSince, waiting: news } of alertmanagers) {
      up.set({ alertmanager: url }, troubleSince === undefined ? 1 : 0);
      waiting.set({ alertmanager: url }, news);
    }
  };
}
