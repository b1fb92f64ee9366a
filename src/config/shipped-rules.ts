import { fileURLToPath } from 'node:url';
import { readYamlFile } from '../documents/yaml-file.js';
import type { SignalPacks } from '../packs/load-packs.js';
import { checkDefaults } from './check-slos.js';
import type { SloRules } from './slo-rules.js';

/** The defaults that hold where no file of one's own takes their place. */
export const shippedDefaults = fileURLToPath(new URL('../../rules/defaults.yaml', import.meta.url));

/** What is decided about SLOs where there is no configuration yet. */
export function shippedRules(packs: SignalPacks, policies: readonly string[]): SloRules {
  const defaults = checkDefaults(readYamlFile(shippedDefaults).documents[0]!, policies).value!;
  return { ...defaults, tierRules: [], ownerRules: [], meshes: packs, clusters: [], services: new Map() };
}
