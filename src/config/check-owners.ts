import type { Diagnostic } from '../domain/diagnostic.js';
import { mistake } from '../documents/checked-value.js';
import { nearestWord } from '../documents/nearest-word.js';
import type { ValuePath, YamlDocument } from '../documents/yaml-document.js';
import { fitsPattern } from './file-patterns.js';
import { routedSeverities } from './notifications.js';
import type { NotificationSettings } from './notifications.js';

/**
 * Owners whose alerts go to the default receiver for want of one of their own: each is said once, where it is first named.
 *
 * @param documents meshslo.yaml, then the SLO files
 */
export function checkOwners(
  documents: readonly YamlDocument[],
  { owners: routes, fallback }: NotificationSettings,
): readonly Diagnostic[] {
  const said = new Set<string>();
  return documents.flatMap((document) =>
    ownersIn(document).flatMap(({ owner, path }) => {
      if (said.has(owner)) return [];
      said.add(owner);
      const fitting = routes.filter((route) => fitsPattern(route.owner, owner));
      const missing = routedSeverities.filter((severity) => fitting.every(({ receivers }) => !receivers[severity]));
      if (missing.length === 0) return [];
      const where = [...new Set(missing.map((severity) => fallback[severity]))].join(' and ');
      const message = `owner ${JSON.stringify(owner)} has no receiver for ${missing.join('s and ')}s: they go to ${where}`;
      const meant = nearestWord(
        owner,
        routes.map((route) => route.owner),
      );
      const hint =
        fitting.length > 0 || meant === undefined
          ? 'write a rule under notifications.owners'
          : `there is one for ${meant}`;
      return [mistake(document, path, 'owner-without-receiver', message, { severity: 'warning', hint })];
    }),
  );
}

/** Where an owner is named. */
export interface NamedOwner {
  readonly owner: string;
  readonly path: ValuePath;
}

/** Owners of a SLO file's document, or of the rules in meshslo.yaml. */
export function ownersIn({ value }: YamlDocument): readonly NamedOwner[] {
  const { owner, owners } = value as { owner?: unknown; owners?: unknown };
  const rules = Array.isArray(owners) ? (owners as unknown[]) : [];
  return [
    { owner, path: ['owner'] },
    ...rules.map((rule, index) => ({
      owner: (rule as { owner?: unknown } | null)?.owner,
      path: ['owners', index, 'owner'],
    })),
  ].flatMap((one) => (typeof one.owner === 'string' && one.owner !== '' ? [{ ...one, owner: one.owner }] : []));
}
