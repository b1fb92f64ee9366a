import { usualAlerts } from '../../../src/domain/slo.js';
import type { Slo } from '../../../src/domain/slo.js';
import { loadAlertPolicies } from '../../../src/packs/load-alert-policies.js';
import type { RuleSetParts } from '../../../src/generate/rules/rule-set.js';
import { loadPacks } from '../../../src/packs/load-packs.js';
import { recordingFile } from '../../../src/generate/rules/recording-file.js';
import type { RuleSettings } from '../../../src/generate/rules/rule-settings.js';
import { distinctSlis } from '../../../src/generate/rules/sli.js';
import type { RuleFile } from '../../../src/generate/rules/rule-file.js';

export const settings: RuleSettings = {
  cluster: 'eu-1',
  clusterAliases: new Map(),
  clusterLabel: undefined,
  targetLabels: ['job', 'instance'],
  alertFiles: 'tier',
  delaySeconds: 15,
};

export const day = 86_400;

/** shop/cart in eu-1 at 99.9 % over 30 days, but for what is said. */
export function madeUpSlo(said: Partial<Slo> = {}): Slo {
  return {
    service: { cluster: 'eu-1', namespace: 'shop', name: 'cart' },
    mesh: 'istio',
    name: 'availability',
    indicator: { kind: 'availability' },
    perspective: 'server',
    filter: {},
    objective: 0.999,
    window: { kind: 'rolling', seconds: 30 * day },
    budgeting: { method: 'occurrences' },
    alerts: usualAlerts,
    owner: 'team-shop',
    tier: 'standard',
    origin: 'file',
    ...said,
  };
}

/** Availability and latency in every perspective, and one of every filter. */
export const everySlo: readonly Slo[] = [
  ...(['server', 'mesh-failures', 'client', 'union'] as const).flatMap((perspective) => [
    madeUpSlo({ name: perspective, perspective }),
    madeUpSlo({ name: `${perspective}-latency`, perspective, indicator: { kind: 'latency', thresholdSeconds: 1 } }),
  ]),
  madeUpSlo({ name: 'from-web', filter: { caller: 'web', version: 'v"1"', method: 'Get' } }),
];

export function recordingOf(slos: readonly Slo[], said: Partial<RuleSettings> = {}): RuleFile {
  return recordingFile({
    slis: distinctSlis(slos),
    windowsSeconds: [300, 3600, 6 * 3600, 3 * day, 30 * day],
    worstMinutesOfSeconds: [],
    packs: loadPacks().packs,
    settings: { ...settings, ...said },
  });
}

/** What all files are made from, with every kind of link. */
export function partsOf(slos: readonly Slo[], said: Partial<RuleSettings> = {}): RuleSetParts {
  const links = {
    page: 'https://meshslo.example',
    runbooks: 'https://runbooks.example/{alert}',
    dashboards: 'https://grafana.example/d/{cluster}/{service}?slo={slo}&from={from}&to={to}',
  };
  const { policies } = loadAlertPolicies();
  return { slos, packs: loadPacks().packs, policies, links, settings: { ...settings, ...said } };
}
