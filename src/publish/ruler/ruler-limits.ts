import { z } from 'zod';
import { parsedJson } from '../../documents/parsed-json.js';
import type { RulerSettings } from '../../config/publishing.js';
import { Failure } from '../../domain/failure.js';
import { countInWords } from '../../domain/in-words.js';
import type { ApiClient } from '../http/api-client.js';
import type { DesiredGroup } from './group-text.js';

/** Smaller groups cannot be made. */
const leastRulesPerGroup = 20;

/** 0: as many as there are. */
const limits = z.looseObject({
  ruler_max_rules_per_rule_group: z.number().int(),
  ruler_max_rule_groups_per_tenant: z.number().int(),
});

/** What a tenant may have. */
export interface TenantLimits {
  /** 0: as many as there are. */
  readonly rulesPerGroup: number;
  /** 0: as many as there are. */
  readonly groups: number;
}

export interface Told {
  /** Undefined where a Mimir does not tell. */
  readonly limits: TenantLimits | undefined;
  /** A sentence where it should have told. */
  readonly remark: string | undefined;
}

/**
 * What a Mimir says it takes of a tenant. One that does not tell, or cannot right now, is not held to anything: its API says so when it
 * refuses.
 *
 * @see https://grafana.com/docs/mimir/latest/references/http-api/#get-tenant-limits
 */
export async function tellLimits(client: Pick<ApiClient, 'ask'>): Promise<Told> {
  // Experimental in Mimir, and often not passed on by what stands before it.
  const alsoGood = [400, 401, 403, 404, 405, 501];
  try {
    const asked = { method: 'GET', path: '/api/v1/user_limits', alsoGood, isTriedOnce: true } as const;
    const { status, text } = await client.ask(asked);
    const told = status === 200 ? limits.safeParse(parsedJson(text)).data : undefined;
    if (told === undefined) return { limits: undefined, remark: undefined };
    const own = { rulesPerGroup: told.ruler_max_rules_per_rule_group, groups: told.ruler_max_rule_groups_per_tenant };
    return { limits: own, remark: undefined };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const remark = `it did not tell its limits (${error.message}): what it does not take is known when it refuses it`;
    return { limits: undefined, remark };
  }
}

/** Words, and how many there would have to be of something that a tenant may have fewer of. */
interface Excess {
  readonly said: string;
  readonly raise: string;
}

/**
 * Holds what is wanted against the limits of a tenant, before anything is sent: half a set of rules is worse than none.
 *
 * @param others how many groups of the tenant are none of these
 * @throws Failure `refused` with every limit that has to be raised, and how far
 */
export function checkLimits(
  wanted: readonly DesiredGroup[],
  others: number,
  told: TenantLimits,
  { name, rulesPerGroup }: Pick<RulerSettings, 'name' | 'rulesPerGroup'>,
): void {
  const most = told.rulesPerGroup;
  const large = tooLarge(wanted, most);
  const excesses = [...large, ...tooMany(wanted.length, others, told.groups)];
  if (excesses.length === 0) return;
  const said = excesses.map((one) => one.said).join('; ');
  const raise = excesses.map((one) => one.raise).join(' and ');
  const smaller = large.length > 0 ? smallerGroups(most, rulesPerGroup) : '';
  throw new Failure('refused', `${name} would take only a part of the rules, so nothing is sent: ${said}`, {
    hint: `raise for this tenant ${raise}${smaller}; where limits by namespace say otherwise: check_limits: false`,
  });
}

/** How groups are made so small; where they are as small as they can be, why. */
function smallerGroups(most: number, made: number | undefined): string {
  if (made !== undefined && made <= most)
    return ' (groups are as small as they can be: what they hold is of one moment)';
  if (most < leastRulesPerGroup) return '';
  return `, or make smaller groups with rules_per_group: ${most}${made === undefined ? '' : ` in place of ${made}`}`;
}

function tooLarge(wanted: readonly DesiredGroup[], most: number): readonly Excess[] {
  const over = wanted.filter(({ ruleCount }) => most > 0 && ruleCount > most);
  if (over.length === 0) return [];
  const largest = over.reduce((a, b) => (b.ruleCount > a.ruleCount ? b : a));
  const more = over.length > 1 ? ` (and ${countInWords(over.length - 1)} more are too large)` : '';
  const said = `${largest.identity} has ${countInWords(largest.ruleCount)} rules${more}, a group may have ${most}`;
  return [{ said, raise: `ruler_max_rules_per_rule_group to ${largest.ruleCount} or more` }];
}

/** A group that is replaced counts once more while it is: a tenant that is full can change nothing. */
function tooMany(wanted: number, others: number, most: number): readonly Excess[] {
  const needed = wanted + others + 1;
  if (most <= 0 || wanted === 0 || needed <= most) return [];
  const beside = others > 0 ? ` beside ${countInWords(others)} of others` : '';
  const said = `there are ${countInWords(wanted)} groups${beside}, and one counts twice while it is replaced; a tenant may have ${most}`;
  return [{ said, raise: `ruler_max_rule_groups_per_tenant to ${needed} or more` }];
}
