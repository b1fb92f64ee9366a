import { z } from 'zod';
import { parsedJson } from '../../documents/parsed-json.js';
import { Failure } from '../../domain/failure.js';
import { countInWords } from '../../domain/in-words.js';
import type { ApiClient } from '../http/api-client.js';
import type { DesiredGroup } from './group-text.js';

/** 0: as many as there are. */
const limits = z.looseObject({
  ruler_max_rules_per_rule_group: z.number().int(),
  ruler_max_rule_groups_per_tenant: z.number().int(),
});

/** Words, and how many there would have to be of something that a tenant may have fewer of. */
interface Excess {
  readonly said: string;
  readonly raise: string;
}

/**
 * Holds what is wanted against what a Mimir says it takes of a tenant, before anything is sent: half a set of rules is worse than
 * none. One that does not tell (its API says so when it refuses) is not held to anything.
 *
 * @throws Failure `refused` with every limit that has to be raised, and how far
 * @see https://grafana.com/docs/mimir/latest/references/http-api/#get-tenant-limits
 */
export async function checkLimits(
  wanted: readonly DesiredGroup[],
  client: Pick<ApiClient, 'ask'>,
  name: string,
): Promise<void> {
  const told = await limitsOf(client);
  if (told === undefined) return;
  const excesses = [
    ...tooLarge(wanted, told.ruler_max_rules_per_rule_group),
    ...tooMany(wanted, told.ruler_max_rule_groups_per_tenant),
  ];
  if (excesses.length === 0) return;
  const said = excesses.map((one) => one.said).join('; ');
  const raise = excesses.map((one) => one.raise).join(' and ');
  throw new Failure('refused', `${name} would take only a part of the rules, so nothing is sent: ${said}`, {
    hint: `raise for this tenant ${raise}; where limits by namespace say otherwise: check_limits: false`,
  });
}

function tooLarge(wanted: readonly DesiredGroup[], most: number): readonly Excess[] {
  const over = wanted.filter(({ ruleCount }) => most > 0 && ruleCount > most);
  if (over.length === 0) return [];
  const largest = over.reduce((a, b) => (b.ruleCount > a.ruleCount ? b : a));
  const others = over.length > 1 ? ` (and ${countInWords(over.length - 1)} more are too large)` : '';
  const said = `${largest.identity} has ${countInWords(largest.ruleCount)} rules${others}, a group may have ${most}`;
  return [{ said, raise: `ruler_max_rules_per_rule_group to ${largest.ruleCount} or more` }];
}

function tooMany(wanted: readonly DesiredGroup[], most: number): readonly Excess[] {
  if (most <= 0 || wanted.length <= most) return [];
  const said = `there are ${countInWords(wanted.length)} groups, a tenant may have ${most}`;
  return [{ said, raise: `ruler_max_rule_groups_per_tenant to ${wanted.length} and as many as others have there` }];
}

async function limitsOf(client: Pick<ApiClient, 'ask'>): Promise<z.infer<typeof limits> | undefined> {
  // Experimental in Mimir, and often not passed on by what stands before it.
  const alsoGood = [400, 401, 403, 404, 405, 501];
  const { status, text } = await client.ask({ method: 'GET', path: '/api/v1/user_limits', alsoGood });
  if (status !== 200) return undefined;
  return limits.safeParse(parsedJson(text)).data;
}
