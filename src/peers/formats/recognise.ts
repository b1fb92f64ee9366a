import type { Obstacle } from '../obstacle.js';
import { isMap, mapOf, textOf } from './written.js';

/** What a document is to an importer. */
export type Format =
  | { readonly kind: 'sloth' | 'sloth-object' | 'pyrra' | 'openslo-slo' | 'openslo-part' }
  /** Named, and nothing is taken of it. */
  | { readonly kind: 'alert-windows' | 'openslo-alerts' | 'rules' }
  /** A promise in a form that is not read. */
  | { readonly kind: 'refused'; readonly obstacle: Obstacle }
  /** No promise of anybody. */
  | { readonly kind: 'stranger' };

const alertKinds: readonly string[] = ['AlertPolicy', 'AlertCondition', 'AlertNotificationTarget'];

/** Which tool's document a value is. */
export function formatOf(value: unknown): Format {
  const root = mapOf(value);
  const version = textOf(root['apiVersion']) ?? '';
  const kind = textOf(root['kind']) ?? '';
  const sloth = textOf(root['version']) ?? '';
  if (sloth === 'prometheus/v1') return { kind: 'sloth' };
  if (sloth.startsWith('prometheus/v')) return refused(`Sloth’s ${sloth} is not read, only prometheus/v1`);
  if (version === 'sloth.slok.dev/v1' && kind === 'PrometheusServiceLevel') return { kind: 'sloth-object' };
  if (version.startsWith('sloth.slok.dev/') && kind === 'AlertWindows') return { kind: 'alert-windows' };
  if (version.startsWith('pyrra.dev/') && kind === 'ServiceLevelObjective') return { kind: 'pyrra' };
  if (/^openslo(\.com)?\//.test(version)) return openSlo(version, kind);
  if (version.startsWith('sre.google.com/')) {
    return refused('definitions of slo-generator are not read', 'write its filters as queries of one of the others');
  }
  if (Array.isArray(root['groups']) || kind === 'PrometheusRule') return { kind: 'rules' };
  if (isMap(root['slos']) && typeof root['service'] === 'string') return { kind: 'stranger' };
  if (Array.isArray(root['slos']) && typeof root['service'] === 'string') {
    return refused('this looks like Sloth, but says no version', 'write version: prometheus/v1');
  }
  return { kind: 'stranger' };
}

function openSlo(version: string, kind: string): Format {
  if (!version.endsWith('/v1')) {
    return refused(`${version} is not read, only openslo/v1`, 'oslo and the go-sdk of OpenSLO turn one into the other');
  }
  if (kind === 'SLO') return { kind: 'openslo-slo' };
  return { kind: alertKinds.includes(kind) ? 'openslo-alerts' : 'openslo-part' };
}

function refused(message: string, hint?: string): Format {
  return { kind: 'refused', obstacle: { code: 'format-not-read', message, hint } };
}
