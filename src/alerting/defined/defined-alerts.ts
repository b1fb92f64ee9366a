import type { LinkSettings } from '../../config/config.js';
import { type ActiveAlert, alertKey } from '../../domain/alert.js';
import { alertSeverities } from '../../domain/alert-names.js';
import { shownSeconds } from '../alert-links.js';
import type { EpochSeconds } from '../../domain/clock.js';
import { encodedPart } from '../../domain/well-formed.js';
import {
  type ControlPlaneAlert,
  type ControlPlaneAlertRule,
  isToldByMeshslo,
  seriesOf,
} from '../../packs/control-plane-alert.js';
import { definedText } from './defined-text.js';
import { type GaugeSeries, holdsFor, isOfNow, type ToldGauges } from './gauge-condition.js';

/** After a start control planes are looked at anew: so long what nobody tells of yet goes on as it was. */
const carriedSeconds = 300;

export interface DefinedAlertsParts {
  readonly definitions: readonly ControlPlaneAlert[];
  /** What fired when somebody last looked. */
  readonly ongoing: readonly ActiveAlert[];
  readonly startedAt: EpochSeconds;
}

/** What one look reads. */
export interface DefinedAlertsContext {
  readonly told: ToldGauges;
  readonly links: LinkSettings;
  readonly now: EpochSeconds;
  /** Who acts for a control plane, by its name. */
  readonly ownerOf: (controlPlane: string) => string | undefined;
  /** Since when there are findings of a kind with these labels: findings are remembered over restarts. */
  readonly foundSince: (labels: Readonly<Record<string, string>>) => EpochSeconds | undefined;
}

interface DefinedRule {
  readonly alert: ControlPlaneAlert;
  readonly rule: ControlPlaneAlertRule;
}

/**
 * The alerts of `alerts/control-plane` that meshslo can judge by its own gauges, for whoever has no Prometheus: the same condition,
 * wait, labels and words as the generated rules, so that Alertmanager takes both for one.
 *
 * What fired before a start fires on without another wait.
 */
export class DefinedAlerts {
  readonly #parts: DefinedAlertsParts;
  readonly #rules: readonly DefinedRule[];
  /** What fired before this start, until it is seen to go on. */
  readonly #carried: Map<string, ActiveAlert>;
  #since = new Map<string, EpochSeconds>();

  constructor(parts: DefinedAlertsParts) {
    this.#parts = parts;
    this.#rules = parts.definitions.flatMap((alert) =>
      alert.rules.flatMap((rule) => (isToldByMeshslo(rule.of) && isOfNow(rule.condition) ? [{ alert, rule }] : [])),
    );
    const own = parts.ongoing.filter(({ name }) => this.#rules.some(({ alert }) => alert.name === name));
    this.#carried = new Map(own.map((alert) => [alertKey(alert), alert]));
    for (const key of this.#carried.keys()) this.#since.set(key, -Infinity);
  }

  /** What fired before this start and is not seen to go on yet: what there is to say before the first look. */
  get carried(): readonly ActiveAlert[] {
    return [...this.#carried.values()];
  }

  /** Names of the gauges that are asked for. */
  get metrics(): readonly string[] {
    return [...new Set(this.#rules.flatMap(({ rule }) => seriesOf(rule.condition).map(({ metric }) => metric)))].sort();
  }

  /** What fires now. */
  look(context: DefinedAlertsContext): readonly ActiveAlert[] {
    const { now } = context;
    const since = new Map<string, EpochSeconds>();
    const firing = new Map<string, ActiveAlert>();
    for (const { alert, rule } of this.#rules) {
      for (const series of holdsFor(rule.condition, ['cluster', 'mesh', ...rule.by], context.told, now)) {
        const active = activeAlert(alert, rule, series, context);
        const key = alertKey(active);
        const begun = this.#since.get(key) ?? now;
        since.set(key, rule.by.includes('kind') ? Math.min(begun, context.foundSince(series.labels) ?? begun) : begun);
        if (now - since.get(key)! >= rule.forSeconds) firing.set(key, active);
      }
    }
    this.#since = since;
    this.#carry(since, now);
    return [...firing.values(), ...this.#carried.values()];
  }

  /** Findings are there from the start on; of control planes nothing is told before they were looked at. */
  #carry(since: Map<string, EpochSeconds>, now: EpochSeconds): void {
    for (const [key, { name }] of this.#carried) {
      const isTold = this.#rules.every(({ alert, rule }) => alert.name !== name || isOfFindings(rule));
      if (isTold || since.has(key) || now - this.#parts.startedAt >= carriedSeconds) this.#carried.delete(key);
      else since.set(key, -Infinity);
    }
  }
}

/** Findings are remembered over a restart: nobody waits for a look. */
function isOfFindings({ condition }: ControlPlaneAlertRule): boolean {
  return seriesOf(condition).every(({ metric }) => metric === 'meshslo_findings');
}

function activeAlert(
  alert: ControlPlaneAlert,
  rule: ControlPlaneAlertRule,
  series: GaugeSeries,
  { links, now, ownerOf }: DefinedAlertsContext,
): ActiveAlert {
  const controlPlane = series.labels['control_plane'];
  const owner = rule.by.includes('owner') || controlPlane === undefined ? undefined : ownerOf(controlPlane);
  const labels = { ...series.labels, ...rule.labels, ...(owner !== undefined && { owner }) };
  const about = { labels, value: series.value };
  return {
    name: alert.name,
    severity: alertSeverities[alert.name],
    labels,
    annotations: {
      summary: definedText(rule.summary ?? alert.summary, about),
      description: definedText(alert.description, about),
      action: definedText(alert.action, about),
      ...linksTo(rule, labels, links, now),
      ...(links.runbooks !== undefined && { runbook_url: links.runbooks.replaceAll('{alert}', alert.name) }),
    },
  };
}

function linksTo(
  { of }: ControlPlaneAlertRule,
  labels: Readonly<Record<string, string>>,
  { page, controlPlaneDashboards }: LinkSettings,
  now: EpochSeconds,
): Readonly<Record<string, string>> {
  if (of === 'finding') return page === undefined ? {} : { page_url: `${page}/findings?kind=${labels['kind'] ?? ''}` };
  const minute = Math.floor(now / 60) * 60;
  const words: Readonly<Record<string, string>> = {
    cluster: labels['cluster'] ?? '',
    mesh: labels['mesh'] ?? '',
    from: `${minute - shownSeconds}000`,
    to: `${minute}000`,
  };
  return {
    ...(page !== undefined && { page_url: `${page}/control-plane` }),
    ...(controlPlaneDashboards !== undefined && {
      dashboard_url: controlPlaneDashboards.replace(/\{(\w+)\}/g, (all, word: string) =>
        Object.hasOwn(words, word) ? encodedPart(words[word]!) : all,
      ),
    }),
  };
}
