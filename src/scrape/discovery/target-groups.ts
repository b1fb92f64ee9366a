import { parse, type YAMLParseError } from 'yaml';
import { isNestedTooDeeply } from '../../documents/nesting.js';
import { Failure } from '../../domain/failure.js';
import type { TargetGroup } from '../../config/target-settings.js';

const longestYaml = 2 * 1024 * 1024;

const labelName = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/**
 * Reads a list of target groups as Prometheus' file and HTTP discovery write it.
 *
 * @param syntax YAML is a superset of JSON, but ten times slower for long lists
 * @throws Failure `bad-configuration` that says where the first mistake is
 * @see https://prometheus.io/docs/prometheus/latest/http_sd/
 */
export function parseTargetGroups(text: string, syntax: 'json' | 'yaml'): readonly TargetGroup[] {
  const document = parseDocument(text, syntax);
  if (!Array.isArray(document)) throw bad('is not a list of target groups');
  return document.map((group: unknown, index) => targetGroup(group, `group ${index + 1}`));
}

function parseDocument(text: string, syntax: 'json' | 'yaml'): unknown {
  return syntax === 'json' ? parseJson(text) : parseYaml(text);
}

/** Messages of parsers quote the text, which may hold a secret; only the place is told. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const place = /position \d+|end of JSON/.exec((error as Error).message)?.[0] ?? 'its beginning';
    throw bad(`is no JSON: mistake at ${place}`);
  }
}

function parseYaml(text: string): unknown {
  if (text.length > longestYaml)
    throw bad(`is longer than ${longestYaml} characters of YAML; write long lists as JSON`);
  if (isNestedTooDeeply(text)) throw bad('is nested too deeply');
  try {
    return parse(text, { maxAliasCount: 100 });
  } catch (error) {
    const place = (error as Partial<YAMLParseError>).linePos?.[0];
    throw bad(`is no YAML: mistake ${place ? `in line ${place.line}, column ${place.col}` : 'in its aliases'}`);
  }
}

function targetGroup(group: unknown, where: string): TargetGroup {
  if (!isRecord(group)) throw bad(`${where} is no object`);
  const { targets = [], labels = {} } = group;
  if (!Array.isArray(targets) || !targets.every((target) => typeof target === 'string')) {
    throw bad(`${where}: targets is not a list of addresses`);
  }
  if (!isRecord(labels ?? {})) throw bad(`${where}: labels is no object`);
  const entries = Object.entries(labels ?? {});
  for (const [name, value] of entries) {
    if (!labelName.test(name)) throw bad(`${where}: ${JSON.stringify(name)} is no label name`);
    if (typeof value !== 'string') throw bad(`${where}: the value of label ${name} is no text`);
  }
  return { targets, labels: Object.fromEntries(entries.map(([name, value]) => [name, String(value)])) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function bad(what: string): Failure {
  return new Failure('bad-configuration', what, {
    hint: 'Expected: [{"targets": ["host:port"], "labels": {"name": "value"}}]',
  });
}
