import { parse } from 'yaml';
import { Failure } from '../../domain/failure.js';
import type { TargetGroup } from '../../config/config.js';

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
  try {
    return syntax === 'json' ? JSON.parse(text) : parse(text, { maxAliasCount: 100 });
  } catch (error) {
    const [firstLine] = (error as Error).message.split('\n');
    throw bad(`is no ${syntax === 'json' ? 'JSON' : 'YAML'}: ${firstLine!.slice(0, 200)}`);
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
