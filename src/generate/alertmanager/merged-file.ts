import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { NotificationSettings } from '../../config/notifications.js';
import { checkValue, mistake } from '../../documents/checked-value.js';
import { wordHint } from '../../documents/nearest-word.js';
import { parseYaml } from '../../documents/yaml-document.js';
import type { YamlDocument } from '../../documents/yaml-document.js';
import type { Diagnostic } from '../../domain/diagnostic.js';
import { insertElements } from './insertion.js';
import { withoutMarkedBlocks } from './marked-blocks.js';
import { ownParts } from './own-parts.js';
import type { OwnParts } from './own-parts.js';
import { ownPrefix } from './receivers.js';

/** The user's own configuration, as it is now. */
export interface UsersFile {
  readonly file: string;
  readonly content: string;
}

/** The file with ours in it, or why that cannot be. */
export interface MergedFile {
  readonly text?: string;
  readonly diagnostics: readonly Diagnostic[];
}

const named = z.looseObject({ name: z.string() });

/** What of a configuration we have to understand; the rest is Alertmanager's business. */
const usersConfig = z.looseObject({
  route: z.looseObject({ receiver: z.string(), routes: z.array(z.unknown()).nullish() }),
  receivers: z.array(named),
  inhibit_rules: z.array(z.unknown()).nullish(),
  time_intervals: z.array(named).nullish(),
  mute_time_intervals: z.array(named).nullish(),
});

type UsersConfig = z.infer<typeof usersConfig>;

/**
 * Puts our receivers, routes, inhibitions and mute times into somebody's own configuration, between marks, in place of those
 * of an earlier run. Every other byte of it stays: comments, order, spelling.
 */
export function mergedFile(settings: NotificationSettings, { file, content }: UsersFile): MergedFile {
  const { text, lineInFile, diagnostics: damage } = withoutMarkedBlocks(file, content);
  if (damage.length > 0) return { diagnostics: damage };
  const result = mergeInto(settings, file, text);
  return {
    ...result,
    diagnostics: result.diagnostics.map((one) =>
      one.position === undefined ? one : { ...one, position: { ...one.position, line: lineInFile(one.position.line) } },
    ),
  };
}

function mergeInto(settings: NotificationSettings, file: string, text: string): MergedFile {
  const { documents, diagnostics } = parseYaml(file, Buffer.from(text));
  const [document, second] = documents;
  if (document === undefined) return { diagnostics };
  if (second !== undefined)
    return { diagnostics: [mistake(second, [], 'second-document', 'Alertmanager reads one document')] };
  const { value: config, diagnostics: mistakes } = checkValue(document, usersConfig);
  if (config === undefined) return { diagnostics: mistakes };
  const clashes = [...checkNames(document, config), ...checkExisting(document, config, settings)];
  if (clashes.length > 0) return { diagnostics: clashes };

  const parts = ownParts(settings);
  const merged = insertElements(text, [
    { path: ['route', 'routes'], elements: [parts.route] },
    { path: ['inhibit_rules'], elements: parts.inhibitRules },
    { path: ['time_intervals'], elements: parts.timeIntervals },
    { path: ['receivers'], elements: parts.receivers },
  ]);
  if (typeof merged !== 'string') {
    const hint = 'write the list over several lines, each element with its dash';
    const message = `${merged.inlinePath.join('.')} is written on one line: nothing can be put into it`;
    return { diagnostics: [mistake(document, merged.inlinePath, 'inline-list', message, { hint, part: 'key' })] };
  }
  if (!isDeepStrictEqual(parseYaml(file, Buffer.from(merged)).documents[0]?.value, expected(document.value, parts))) {
    const message = 'this file is written in a way that nothing can be put into it without changing its meaning';
    const hint = 'write it as Alertmanager’s documentation does: block style, keys at the start of their lines';
    return { diagnostics: [mistake(document, [], 'cannot-merge', message, { hint })] };
  }
  return { text: merged, diagnostics: [] };
}

function checkNames(document: YamlDocument, config: UsersConfig): readonly Diagnostic[] {
  return (['receivers', 'time_intervals', 'mute_time_intervals'] as const).flatMap((key) =>
    (config[key] ?? []).flatMap(({ name }, index) => {
      if (!name.startsWith(ownPrefix)) return [];
      const message = `${JSON.stringify(name)}: names that begin with ${ownPrefix} are meshslo's own`;
      return [mistake(document, [key, index, 'name'], 'name-clash', message, { hint: 'call it something else' })];
    }),
  );
}

function checkExisting(
  document: YamlDocument,
  { receivers }: UsersConfig,
  settings: NotificationSettings,
): readonly Diagnostic[] {
  const names = receivers.map(({ name }) => name);
  return settings.receivers
    .filter(({ name, existing }) => existing && !names.includes(name))
    .map(({ name }) => {
      const message = `there is no receiver ${JSON.stringify(name)} here, and notifications says that it exists`;
      return mistake(document, ['receivers'], 'unknown-receiver', message, {
        hint: wordHint(name, names),
        part: 'key',
      });
    });
}

/** What the merged file has to mean. */
function expected(value: unknown, { route, receivers, inhibitRules, timeIntervals }: OwnParts): unknown {
  const config = value as UsersConfig;
  const before = <T>(own: readonly T[], theirs: readonly T[] | null | undefined): readonly T[] => [
    ...own,
    ...(theirs ?? []),
  ];
  return {
    ...config,
    route: { ...config.route, routes: before([route], config.route.routes) },
    receivers: before<unknown>(receivers, config.receivers),
    inhibit_rules: before(inhibitRules, config.inhibit_rules),
    ...(timeIntervals.length > 0 && { time_intervals: before<unknown>(timeIntervals, config.time_intervals) }),
  };
}
