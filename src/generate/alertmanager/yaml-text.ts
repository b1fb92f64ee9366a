import { stringify } from 'yaml';

/** As YAML that Go reads alike, without folded lines. */
export function yamlText(value: unknown): string {
  return stringify(value, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false });
}
