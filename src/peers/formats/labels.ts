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
  return left.sort().map((key) => ({ path: [...path, key], value: notCarried(`label ${key}`, true) }));
}

/** Labels and annotations of alerts: routes and texts come from owners and policies. */
export function alertTextsLeft(alerting: unknown, path: ValuePath): readonly Placed<Difference>[] {
  return (['label', 'annotation'] as const).flatMap((what) =>
    Object.keys(mapOf(mapOf(alerting)[`${what}s`]))
      .sort()
      .map((key) => ({ path: [...path, `${what}s`, key], value: notCarried(`${what} ${key} of alerts`, false) })),
  );
}

function notCarried(what: string, isOfSlo: boolean): Difference {
  return {
    code: isOfSlo ? 'label-left' : 'alert-text-left',
    message: `the ${what} is not taken`,
    hint: isOfSlo
      ? 'an SLO file has an owner and a tier, and no further labels'
      : 'alerts of meshslo carry severity, owner, runbook and links; who gets them: docs/notifications.md',
  };
}
