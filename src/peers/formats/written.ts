import type { ValuePath, YamlDocument } from '../../documents/yaml-document.js';

/** A map as it is written in somebody's document; nothing is known of its values. */
export type Written = Readonly<Record<string, unknown>>;

/** The value as a map; an empty one where it is none. */
export function mapOf(value: unknown): Written {
  return isMap(value) ? value : {};
}

/** The map at a path of a document; an empty one where there is none. */
export function mapAt({ value }: YamlDocument, path: ValuePath): Written {
  return mapOf(path.reduce<unknown>((one, step) => (one as Readonly<Record<PropertyKey, unknown>>)[step], value));
}

/** Whether a value is a map. */
export function isMap(value: unknown): value is Written {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as a list; an empty one where it is none. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value as a text with something in it; undefined where it is none. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/** The first of several spellings of a key that is there. */
export function keyIn(map: Written, ...spellings: readonly string[]): string | undefined {
  return spellings.find((key) => map[key] !== undefined && map[key] !== null);
}

/** Keys that a format does not have. */
export function strangeKeys(map: Written, known: readonly string[], path: ValuePath): readonly ValuePath[] {
  return Object.keys(map)
    .filter((key) => !known.includes(key))
    .map((key) => [...path, key]);
}
