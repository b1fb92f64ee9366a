import { ownLabels, shownSeconds } from '../../alerting/alert-links.js';
import type { LinkSettings } from '../../config/config.js';
import { type AlertName, alertSeverities } from '../../domain/alert-names.js';
import { binary, call, number } from '../../promql/expression.js';
import type { Expression, Selector } from '../../promql/expression.js';
import { dashboardLink, label, linkTemplates, literal, runbookLink } from './alert-template.js';
import { carriers, up } from './carrier-rules.js';
import type { AlertingRule, RuleFile } from './rule-file.js';
import type { RuleSettings } from './rule-settings.js';
import { countedDay, fiveMinuteEvents, minuteEvents, objective, serviceLabels } from './series-names.js';
import { before } from './shown-range.js';
import { recorded } from './sli-rules.js';

export const watchFileName = 'meshslo-watch';

/** A target that does not answer for so long is no slow one. */
const lostSeconds = 600;

/** The alerts about what the others depend on: targets, these rules themselves, and the way to Alertmanager. */
export function watchFile(settings: RuleSettings, links: LinkSettings): RuleFile {
  return {
    name: watchFileName,
    about: ['Who watches the watcher: lost targets, failing rules, and a heartbeat whose silence is the news.'],
    groups: [
      {
        name: 'meshslo:watch',
        intervalSeconds: 120,
        rules: [targetLost(settings, links), rulesFailing(settings, links), watchdog(settings, links)],
      },
    ],
  };
}

/** Targets that are listed but do not answer, by the services that they carried. */
function targetLost(settings: RuleSettings, links: LinkSettings): AlertingRule {
  const silent = binary(call('max_over_time', up(lostSeconds)), '==', number(0));
  const lost = binary(carriers(settings), 'and', silent, { mode: 'on', labels: settings.targetLabels });
  const count: Expression = { kind: 'aggregation', operator: 'count', by: serviceLabels, of: lost };
  const owners: Expression = {
    kind: 'aggregation',
    operator: 'max',
    by: [...serviceLabels, 'owner'],
    of: { kind: 'selector', metric: objective, matchers: [] },
  };
  const expression = binary(count, '+', binary(owners, '*', number(0)), {
    mode: 'on',
    labels: serviceLabels,
    many: 'right',
  });
  return {
    ...named('ScrapeTargetLost'),
    expression,
    annotations: {
      summary: `{{ $value }} of the proxies of ${label('namespace')}/${label('service')} cannot be scraped`,
      description: 'They are listed, were scraped within six hours, and have not answered for ten minutes.',
      action:
        'See on the list of targets of Prometheus which they are and why; what is gone for good must leave the list.',
      ...linkTemplates(links, 'ScrapeTargetLost', { hasSlo: false, from: before(shownSeconds) }),
    },
  };
}

/** Evaluations that fail, or an SLI that has ended for all services at once. */
function rulesFailing(settings: RuleSettings, links: LinkSettings): AlertingRule {
  const failures = ['prometheus_rule_evaluation_failures_total', 'cortex_prometheus_rule_evaluation_failures_total'];
  const failing = failures.map((metric): Expression => {
    const matchers = [{ label: 'rule_group', operator: '=~', value: '.*meshslo:.*' }] as const;
    const counter: Selector = { kind: 'selector', metric, matchers, rangeSeconds: 600 };
    return binary(call('increase', counter), '>', number(0));
  });
  const ended = binary(counted(recordedNow(countedDay)), 'unless', counted(lately(minuteEvents('events'), 600)), onSli);
  const halted = binary(
    counted(lately(minuteEvents('events'), 600)),
    'unless',
    counted(lately(fiveMinuteEvents('events'), 900)),
    onSli,
  );
  const any = [...failing, ended, halted].reduce((left, right) => binary(left, 'or', right));
  return {
    ...named('MeshsloRulesFailing'),
    labels: { severity: alertSeverities.MeshsloRulesFailing, ...ownLabels(settings) },
    expression: { kind: 'aggregation', operator: 'count', by: [], of: any },
    forSeconds: 900,
    annotations: {
      summary: literal('rules that meshslo generated fail, or have stopped: alerts about budgets may not fire'),
      description:
        'Evaluations of groups named meshslo:... fail, or what they count has ended for all services at once. Until they run again, budgets may burn unseen.',
      action:
        'See the page of rules in Prometheus for the error, and its log; then run promtool check rules on the files.',
      ...linksOfAll(settings, links, 'MeshsloRulesFailing'),
    },
  };
}

function watchdog(settings: RuleSettings, links: LinkSettings): AlertingRule {
  return {
    ...named('MeshsloWatchdog'),
    // Not the watchdog of meshslo: were they one alert, either would hide the other's silence.
    labels: { severity: alertSeverities.MeshsloWatchdog, ...ownLabels(settings), watcher: 'prometheus' },
    expression: call('vector', number(1)),
    annotations: {
      summary: 'rules are evaluated, and their alerts reach this Alertmanager',
      description: 'This alert always fires. When it stops, nobody would be told of anything.',
      action: 'None while it fires. When it is silent: see whether Prometheus runs and reaches this Alertmanager.',
      ...linksOfAll(settings, links, 'MeshsloWatchdog'),
    },
  };
}

const onSli = { mode: 'on', labels: ['sli'] } as const;

function counted(of: Expression): Expression {
  return { kind: 'aggregation', operator: 'count', by: ['sli'], of };
}

function recordedNow(metric: string): Expression {
  return { kind: 'selector', metric, matchers: [] };
}

function lately(metric: string, seconds: number): Expression {
  return call('last_over_time', recorded(metric, seconds));
}

function named(alert: AlertName): Pick<AlertingRule, 'alert' | 'labels' | 'forSeconds'> {
  return { alert, labels: { severity: alertSeverities[alert] }, forSeconds: 0 };
}

/** What is about no service has no page of one: the first page says how everything is. */
function linksOfAll(
  { cluster }: RuleSettings,
  { page, runbooks, meshsloDashboard }: LinkSettings,
  alert: AlertName,
): Readonly<Record<string, string>> {
  return {
    ...(page !== undefined && { page_url: literal(page) }),
    ...(runbooks !== undefined && { runbook_url: runbookLink(runbooks, alert) }),
    ...(meshsloDashboard !== undefined && {
      dashboard_url: dashboardLink(meshsloDashboard, ['cluster'], before(shownSeconds), { cluster }),
    }),
  };
}
