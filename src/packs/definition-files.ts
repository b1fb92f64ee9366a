import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CheckedValue, mistake } from '../documents/checked-value.js';
import type { YamlDocument } from '../documents/yaml-document.js';
import { readYamlFile } from '../documents/yaml-file.js';
import type { Diagnostic } from '../domain/diagnostic.js';

/**
 * The YAML files that come with meshslo, in one of its folders and below it, sorted.
 *
 * @param folder as seen from the top of the project: `rules/meshes`
 */
export function shippedFiles(folder: string): readonly string[] {
  const place = fileURLToPath(new URL(`../../${folder}/`, import.meta.url));
  const names = readdirSync(place, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml'));
  return names.sort().map((name) => join(place, name));
}

interface Definitions<T> {
  /** By name. */
  readonly known: ReadonlyMap<string, T>;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * What shipped and further files define; a further definition takes the place of a shipped one of its name.
 *
 * @param key under which a document names what it defines: `pack`, `policy`
 */
export function loadDefinitions<T extends { readonly name: string }>(
  folder: string,
  furtherFiles: readonly string[],
  key: string,
  check: (document: YamlDocument) => CheckedValue<T>,
): Definitions<T> {
  const shipped = readDefinitions(shippedFiles(folder), key, check);
  const further = readDefinitions(furtherFiles, key, check);
  return {
    known: new Map([...shipped.known, ...further.known]),
    diagnostics: [...shipped.diagnostics, ...further.diagnostics],
  };
}

function readDefinitions<T extends { readonly name: string }>(
  files: readonly string[],
  key: string,
  check: (document: YamlDocument) => CheckedValue<T>,
): Definitions<T> {
  const known = new Map<string, T>();
  const diagnostics: Diagnostic[] = [];
  for (const file of files) {
    const reading = readYamlFile(file);
    diagnostics.push(...reading.diagnostics);
    for (const document of reading.documents) {
      const checked = check(document);
      diagnostics.push(...checked.diagnostics);
      if (checked.value === undefined) continue;
      const { name } = checked.value;
      if (known.has(name))
        diagnostics.push(mistake(document, [key], `duplicate-${key}`, `${key} ${name} is there twice`));
      known.set(name, checked.value);
    }
  }
  return { known, diagnostics };
}

/**
 * The one definition in a file that comes with meshslo, and that no user can replace: a mistake in it is a bug.
 *
 * @throws Error with every mistake
 */
export function shippedDefinition<T>(file: string, check: (document: YamlDocument) => CheckedValue<T>): T {
  const { documents, diagnostics } = readYamlFile(file);
  const checked = documents.map(check);
  const mistakes = [...diagnostics, ...checked.flatMap((one) => one.diagnostics)];
  const definition = checked[0]?.value;
  if (definition !== undefined && mistakes.length === 0) return definition;
  const words = mistakes.map(({ position, message }) => `line ${position?.line ?? 1}: ${message}`);
  throw new Error(`${file} is wrong:\n${words.join('\n')}`);
}
