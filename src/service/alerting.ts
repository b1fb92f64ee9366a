import { AlertDesk, type AlertDeskSettings } from '../alerting/alert-desk.js';
import type { Config } from '../config/config.js';
import type { Clock } from '../domain/clock.js';
import type { FindingBook } from '../domain/finding-book.js';
import type { Ledger } from '../ledger/ledger.js';
import type { ScrapeSource } from '../scrape/scrape-source.js';
import type { OwnMetrics } from '../server/own-metrics.js';
import { noticeAlerting } from './alert-notices.js';
import { AlertsNow } from './alerts-now.js';
import { DefinedAlertsNow } from './defined-alerts.js';
import type { Notices } from './notices.js';
import type { Present } from './service-parts.js';
import type { StatusBoard } from './status-board.js';

export interface AlertingParts {
  readonly ledger: Ledger;
  readonly board: StatusBoard;
  readonly source: Pick<ScrapeSource, 'targets'>;
  readonly metrics: OwnMetrics;
  readonly clock: Clock;
  readonly present: Present;
  readonly notices: Notices;
  readonly findings: () => Pick<FindingBook, 'ongoing'>;
  readonly onBug: (error: unknown) => void;
}

/** The desk of alerts, with its metrics and with words for the operator; it looks after every minute, and when somebody asks it to. */
export function createAlertDesk(parts: AlertingParts): AlertDesk {
  const { ledger, board, source, metrics, clock, present, notices, findings, onBug } = parts;
  const settings = (): AlertDeskSettings => alertDeskSettings(present.config);
  const alertsNow = new AlertsNow({ ledger, board, source, clock, settings });
  const defined = new DefinedAlertsNow({
    metrics,
    findings,
    config: () => present.config,
    clock,
    ongoing: ledger.alerts.ongoing(),
    onBug,
  });
  const desk = new AlertDesk({
    store: ledger.alerts,
    clock,
    settings: settings(),
    evaluate: () => alertsNow.ofServices(),
    watch: () => [...alertsNow.ofScraping(), ...defined.firing()],
    onEvaluated: (durationSeconds) => metrics.alerts.evaluated(durationSeconds),
    onPosted: (posted) => metrics.alerts.posted(posted),
    onLook: (changed) => {
      noticeAlerting(desk.state, notices);
      if (changed.length > 0) present.server?.alertsChanged();
    },
  });
  return desk;
}

/** What alerting takes of a configuration. */
export function alertDeskSettings({ cluster, alerting, links }: Config): AlertDeskSettings {
  return { cluster, owner: alerting.owner, links, alertmanagers: alerting.alertmanagers };
}
