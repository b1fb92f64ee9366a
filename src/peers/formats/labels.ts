import type { ValuePath } from '../../documents/yaml-document.js';
import type { Difference } from '../meaning/differences.js';
import type { Placed } from '../peer-slo.js';
import { listOf, mapOf, textOf } from './written.js';

const ownerKeys: readonly string[] = ['owner', 'team'];

/** The owner that labels name; `prefix` is what stands before the tool's own. */
export function ownerIn(labels: unknown, prefix = ''): string | undefined {
  const map = mapOf(labels);
  for (const key of ownerKeys) {
    for (const written of [map[`${prefix}${key}`], map[key]]) {
      const values = listOf(written);
      const owner = textOf(values.length === 1 ? values[0] : written);
      if (owner !== undefined) return owner;
    }
  }
  return undefined;
}

/** Labels that say anything but the owner: nothing of meshslo carries them. */
export function labelsLeft(labels: unknown, path: ValuePath, prefix = ''): readonly Placed<Difference>[] {
  const left = Object.keys(mapOf(labels)).filter((key) => {
    const name = key.startsWith(prefix) ? key.slice(prefix.length) : key;
    return !ownerKeys.includes(name) && (prefix === '' || key.startsWith(prefix));
  });
  if (left.length === 0) return [];
  return [{ path, value: notCarried('labels', left.sort()) }];
}

/** Labels and annotations of alerts: routes and texts come from owners and policies. */
export function alertTextsLeft(alerting: unknown, path: ValuePath): readonly Placed<Difference>[] {
  return ['labels', 'annotations'].flatMap((what) => {
    const keys = Object.keys(mapOf(mapOf(alerting)[what])).sort();
    return keys.length === 0 ? [] : [{ path: [...path, what], value: notCarried(`${what} of alerts`, keys) }];
  });
}

function notCarried(what: string, keys: readonly string[]): Difference {
  const isAlert = what.endsWith('alerts');
  return {
    code: isAlert ? 'alert-text-left' : 'labels-left',
    message: `${what} are not taken: ${keys.join(', ')}`,
    hint: isAlert
      ? 'alerts of meshslo carry severity, owner, runbook and links; who gets them: docs/notifications.md'
      : 'an SLO file has an owner, and a tier',
  };
}
