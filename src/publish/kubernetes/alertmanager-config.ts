import { basename } from 'node:path';
import { Failure } from '../../domain/failure.js';
import type { OwnParts } from '../../generate/alertmanager/own-parts.js';
import type { Section } from '../../generate/alertmanager/receivers.js';

/**
 * What an Alertmanager is told, as the `spec` of an AlertmanagerConfig (v1alpha1) of the Prometheus operator.
 *
 * Secrets are keys of one Secret, called after the files that hold them elsewhere. The operator puts a matcher of the
 * namespace before the route unless its Alertmanager has `alertmanagerConfigMatcherStrategy: { type: None }`.
 *
 * @throws Failure `bad-configuration` for what an AlertmanagerConfig cannot say
 * @see https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1alpha1.AlertmanagerConfig
 */
export function alertmanagerConfigSpec(parts: OwnParts, secret: string): object {
  const { route, receivers, inhibitRules, timeIntervals } = parts;
  checkReceivers(parts);
  checkSecrets(receivers, secret);
  return {
    route: routeOf(route),
    receivers: receivers.map(({ name, ...ways }) => ({ name, ...(converted(ways, secret) as object) })),
    inhibitRules: inhibitRules.map(({ source_matchers: source, target_matchers: target, equal }) => ({
      sourceMatch: (source as readonly string[]).map(matcherOf),
      targetMatch: (target as readonly string[]).map(matcherOf),
      equal,
    })),
    ...(timeIntervals.length > 0 && { muteTimeIntervals: timeIntervals.map(muteTime) }),
  };
}

function routeOf({ matchers = [], routes, ...rest }: Section): object {
  const list = (routes ?? []) as readonly Section[];
  return {
    ...(converted(rest, '') as object),
    matchers: (matchers as readonly string[]).map(matcherOf),
    ...(list.length > 0 && { routes: list.map(routeOf) }),
  };
}

/** `owner=~"a|b"` in its parts. */
function matcherOf(matcher: string): object {
  const [, name, matchType, quoted] = /^([^=!]+)(=~|!~|!=|=)"(.*)"$/su.exec(matcher)!;
  const value = quoted!.replace(/\\(.)/gsu, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
  return { name, matchType, value };
}

function muteTime({ name, time_intervals: intervals }: Section): object {
  const stretches = (intervals as readonly Section[]).map(({ location, ...rest }) => {
    if (typeof location !== 'string' || location === 'UTC') return converted(rest, '');
    const message = `mute time ${String(name)} is in ${location}, and an AlertmanagerConfig knows UTC only`;
    const hint = 'write its hours in UTC, or publish Alertmanager’s configuration to files';
    throw new Failure('bad-configuration', message, { hint });
  });
  return { name, timeIntervals: stretches };
}

/** A receiver of somebody else's configuration cannot be named here. */
function checkReceivers({ route, receivers }: OwnParts): void {
  const known = new Set(receivers.map(({ name }) => name));
  const used = (one: Section): readonly unknown[] => [
    ...(one['receiver'] === undefined ? [] : [one['receiver']]),
    ...((one['routes'] ?? []) as readonly Section[]).flatMap(used),
  ];
  const stranger = used(route).find((name) => !known.has(name));
  if (stranger === undefined) return;
  const message = `receiver ${JSON.stringify(stranger)} exists in another configuration, where no AlertmanagerConfig can reach it`;
  throw new Failure('bad-configuration', message, { hint: 'give it its ways to people under notifications.receivers' });
}

/** Secrets are called after their files, wherever those are. */
function checkSecrets(receivers: readonly Section[], secret: string): void {
  const byKey = new Map<string, string>();
  for (const file of filesIn(receivers)) {
    const key = basename(file);
    const hint = 'call the file otherwise: each is a key of one Secret';
    if (!/^[-._a-zA-Z0-9]{1,253}$/.test(key)) {
      throw new Failure('bad-configuration', `${JSON.stringify(key)} is no name of a key of a Secret`, { hint });
    }
    const other = byKey.get(key) ?? file;
    if (other !== file) {
      const message = `${other} and ${file} would both be the key ${key} of ${secret}`;
      throw new Failure('bad-configuration', message, { hint });
    }
    byKey.set(key, file);
  }
}

function filesIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]: [string, unknown]) =>
    key.endsWith('_file') && typeof one === 'string' ? [one] : filesIn(one),
  );
}

/** Keys in the operator's words; files become keys of the Secret, maps of texts lists of pairs. */
function converted(value: unknown, secret: string): unknown {
  if (Array.isArray(value)) return value.map((one) => converted(one, secret));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]: [string, unknown]) => {
      const selector = (name: string): object => ({ name: secret, key: name });
      if (key === 'ca_file') return ['ca', { secret: selector(basename(String(one))) }];
      if (key.endsWith('_file')) return [camel(key.slice(0, -'_file'.length)), selector(basename(String(one)))];
      if (key === 'basic_auth') {
        const { password_file: file } = one as { readonly password_file: string };
        const name = basename(file);
        // The operator takes the user from the Secret, too.
        return ['basicAuth', { username: selector(`${name}-username`), password: selector(name) }];
      }
      if (key === 'headers' || key === 'details') {
        return [
          key,
          Object.entries(one as object).map(([name, text]: [string, unknown]) => ({ key: name, value: text })),
        ];
      }
      return [camel(key), converted(one, secret)];
    }),
  );
}

/** `api_url` is `apiURL` to the operator, `require_tls` `requireTLS`, `group_by` `groupBy`. */
function camel(key: string): string {
  return key
    .replace(/_(url|tls)$/, (_, word: string) => word.toUpperCase())
    .replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
