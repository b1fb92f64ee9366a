import { valuesWithPart } from '../../packs/extraction-pattern.js';
import type { Constant, LabelChoice, LabelSource } from '../../packs/signal-pack.js';

/**
 * Whether two names are asked for in the same words where a mesh chooses names so. `default` may be the namespace of whatever has
 * none, and is then asked for in others.
 */
export function isNamedAlike(choice: LabelChoice | Constant, one: string, other: string): boolean {
  if ('constant' in choice) return true;
  if (choice.otherwise === one || choice.otherwise === other) return false;
  const isTold = (value: string, { pattern }: LabelSource): boolean =>
    pattern === undefined || valuesWithPart(pattern, value) !== undefined;
  return choice.labels.every((source) => isTold(one, source) === isTold(other, source));
}
