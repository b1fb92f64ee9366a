import { coverageRules } from './carrier-rules.js';
import {
  countedSlis,
  type CountedSli,
  gapsOf,
  minuteOf,
  type Recording,
  sightOf,
  sumsByInterval,
  worstMinuteRules,
} from './recording.js';
import type { RecordingRule, RuleFile, RuleGroup } from './rule-file.js';
import type { RuleSettings } from './rule-settings.js';
import { fiveMinutesSettleSeconds, minuteSettlesSeconds } from './settling.js';
import { sliName } from './sli.js';
import { fiveMinuteRules, heldRules, minuteRules } from './sli-rules.js';
import { steadyPortions } from './steady-portions.js';

/**
 * The same rules in groups of a bounded size, for a ruler that takes no larger ones.
 *
 * Groups are evaluated each at seconds of its own. So what needs the same moment stays in one: the reading of an SLI, and its
 * growth; what came out of gaps. Everything else sums up samples of which every one is of its own minute, and reads them when they are
 * surely written: it knows the same, half a minute to a minute and a half later. Alerts about budgets stand beside the steps that they read.
 */
export function portionedGroups(recording: Recording): readonly RuleGroup[] {
  const { settings } = recording;
  const most = mostRules(settings.rulesPerGroup!);
  const counted = countedSlis(recording);
  const portions = portionsOf(counted, settings, most);
  const { everyMinute, everyTwoMinutes, everyFiveMinutes } = sumsByInterval(recording, minuteSettlesSeconds);
  const minuteSums = [...everyMinute, ...worstMinuteRules(recording, minuteSettlesSeconds)];
  return [
    ...portions.map(({ name, slis }) => ({
      name: `meshslo:minute:${name}`,
      intervalSeconds: 60,
      rules: minuteOf(slis, { ...settings, portion: name }),
    })),
    ...inParts('meshslo:minute-sums', 60, minuteSums, most),
    ...inParts('meshslo:two-minutes', 120, [...everyTwoMinutes, ...coverageRules(settings)], most),
    ...portions.map(({ name, slis }) => ({
      name: `meshslo:gaps:${name}`,
      intervalSeconds: 300,
      rules: gapsOf(slis, { ...settings, portion: name }),
    })),
    {
      name: 'meshslo:five-minutes',
      intervalSeconds: 300,
      rules: [...fiveMinuteRules(fiveMinutesSettleSeconds), ...everyFiveMinutes],
    },
    ...inParts('meshslo:sight', 300, sightOf(counted, settings), most),
  ];
}

/** A file of rules of which none reads another's, in groups of a bounded size: a rule stays where it is while others come and go. */
export function inSmallGroups(file: RuleFile, { rulesPerGroup }: RuleSettings): RuleFile {
  if (rulesPerGroup === undefined) return file;
  const groups = file.groups.flatMap(({ rules, ...group }) =>
    steadyPortions(rules, {
      keyOf: (rule) => JSON.stringify(rule),
      weightOf: () => 1,
      most: mostRules(rulesPerGroup),
    }).map(({ name, things }) => ({
      ...group,
      name: name === '' ? group.name : `${group.name}:${name}`,
      rules: things,
    })),
  );
  return { ...file, groups };
}

/** Rules of a group besides the one with which a ruler's group says whose it is. */
function mostRules(rulesPerGroup: number): number {
  return rulesPerGroup - 1;
}

/** What a portion reads for all its SLIs: new targets, and when it was read. */
const rulesOfPortion = 2;

interface SliPortion {
  readonly name: string;
  readonly slis: readonly CountedSli[];
}

/** By mesh, so that none reads more processes than it must. An SLI stays where it is while others come and go. */
function portionsOf(counted: readonly CountedSli[], settings: RuleSettings, most: number): readonly SliPortion[] {
  const byMesh = new Map<string, CountedSli[]>();
  for (const one of counted) byMesh.set(one.pack.name, [...(byMesh.get(one.pack.name) ?? []), one]);
  return [...byMesh].flatMap(([mesh, slis]) =>
    steadyPortions(slis, {
      keyOf: ({ sli }) => sliName(sli),
      weightOf: ({ sli, pack }) => heldRules(sli, pack, settings).length + minuteRules(sli, pack, settings).length,
      most: most - rulesOfPortion,
    }).map(({ name, things }) => ({ name: name === '' ? mesh : `${mesh}:${name}`, slis: things })),
  );
}

/** Rules of which none reads another's, as many to a group as it may have. */
function inParts(
  name: string,
  intervalSeconds: number,
  rules: readonly RecordingRule[],
  most: number,
): readonly RuleGroup[] {
  return Array.from({ length: Math.ceil(rules.length / most) }, (_, index) => ({
    name: index === 0 ? name : `${name}:${index + 1}`,
    intervalSeconds,
    rules: rules.slice(index * most, (index + 1) * most),
  }));
}
