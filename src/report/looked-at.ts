import type { Config } from '../config/config.js';

/** Whether control planes or registries are looked at: else "nothing was found wrong" would say more than anybody knows. */
export function isLookedAt({ controlPlanes, catalog }: Pick<Config, 'controlPlanes' | 'catalog'>): boolean {
  const places = [controlPlanes, catalog.kubernetes, catalog.consul, catalog.backstage];
  return places.some(({ length }) => length > 0);
}
