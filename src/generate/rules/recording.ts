import type { SignalPacks } from '../../packs/load-packs.js';
import { packFor } from '../../packs/load-packs.js';
import type { SignalPack } from '../../packs/signal-pack.js';
import { call } from '../../promql/expression.js';
import type { Expression } from '../../promql/expression.js';
import { carrierRules, countedDayRule } from './carrier-rules.js';
import { firstSightExpression, gapEndExpression } from './growth.js';
import type { RecordingRule } from './rule-file.js';
import type { RuleSettings } from './rule-settings.js';
import { firstSight, gapEnd, minuteEvents, portionLabel, worstMinute } from './series-names.js';
import type { Sli } from './sli.js';
import { heldRules, minuteAtRule, minuteRules, recorded, settled, unplacedRules } from './sli-rules.js';
import { longestMinuteWindowSeconds, windowRules } from './window-rules.js';

/** A minute more or less in a quarter of a day moves no alert; reading it costs. */
const longestEveryMinuteSeconds = 3 * 3600;

/** What is recorded: for whom follows from the traffic, so that it grows with nothing but what it measures. */
export interface Recording {
  readonly slis: readonly Sli[];
  /** Windows that alerts and budgets look at; whole minutes. */
  readonly windowsSeconds: readonly number[];
  /** Windows of which alerts leave the worst minutes out. */
  readonly worstMinutesOfSeconds: readonly number[];
  readonly packs: SignalPacks;
  readonly settings: RuleSettings;
}

/** An SLI, and the pack of its mesh. */
export interface CountedSli {
  readonly sli: Sli;
  readonly pack: SignalPack;
}

/** The SLIs that some pack knows how to count. */
export function countedSlis({ slis, packs }: Recording): readonly CountedSli[] {
  return slis.flatMap((sli) => {
    const pack = packFor(packs, sli.mesh);
    return pack === undefined ? [] : [{ sli, pack }];
  });
}

/** The sums over windows, each once, by how often they are made. @param settlesSeconds as of {@link windowRules} */
export function sumsByInterval({ windowsSeconds }: Recording, settlesSeconds = 0) {
  const windows = [...new Set(windowsSeconds)].sort((a, b) => a - b);
  const between = (over: number, most: number): readonly RecordingRule[] =>
    windows
      .filter((seconds) => seconds > over && seconds <= most)
      .flatMap((seconds) => windowRules(seconds, windows, settlesSeconds));
  return {
    everyMinute: between(60, longestEveryMinuteSeconds),
    everyTwoMinutes: between(longestEveryMinuteSeconds, longestMinuteWindowSeconds),
    everyFiveMinutes: between(longestMinuteWindowSeconds, Infinity),
  };
}

/** What is read of raw series every minute, and the minute's events. */
export function minuteOf(counted: readonly CountedSli[], settings: RuleSettings): readonly RecordingRule[] {
  return [
    ...packsOf(counted).flatMap((pack) => targetRule(firstSight, pack, firstSightExpression(pack, settings), settings)),
    ...counted.flatMap(({ sli, pack }) => heldRules(sli, pack, settings)),
    minuteAtRule(settings),
    ...counted.flatMap(({ sli, pack }) => minuteRules(sli, pack, settings)),
  ];
}

/** What came out of gaps in five minutes. */
export function gapsOf(counted: readonly CountedSli[], settings: RuleSettings): readonly RecordingRule[] {
  return [
    ...packsOf(counted).flatMap((pack) => targetRule(gapEnd, pack, gapEndExpression(pack, settings), settings)),
    ...counted.flatMap(({ sli, pack }) => unplacedRules(sli, pack, settings)),
  ];
}

/** Which proxies carry which services, and where anything was counted. */
export function sightOf(counted: readonly CountedSli[], settings: RuleSettings): readonly RecordingRule[] {
  const slisOf = (pack: SignalPack): readonly Sli[] => counted.flatMap((one) => (one.pack === pack ? [one.sli] : []));
  return [...packsOf(counted).flatMap((pack) => carrierRules(pack, slisOf(pack), settings)), countedDayRule()];
}

/** The worst minutes of the windows that ask for them. @param settlesSeconds as of {@link windowRules} */
export function worstMinuteRules({ worstMinutesOfSeconds }: Recording, settlesSeconds = 0): readonly RecordingRule[] {
  const windows = [...new Set(worstMinutesOfSeconds)].sort((a, b) => a - b);
  return windows.map((windowSeconds) => {
    const minutes = settled(recorded(minuteEvents('bad_events'), windowSeconds), settlesSeconds);
    return { record: worstMinute(windowSeconds), labels: {}, expression: call('max_over_time', minutes) };
  });
}

function packsOf(counted: readonly CountedSli[]): readonly SignalPack[] {
  return [...new Set(counted.map(({ pack }) => pack))];
}

function targetRule(
  record: string,
  { name }: SignalPack,
  expression: Expression | undefined,
  { portion }: RuleSettings,
): readonly RecordingRule[] {
  const labels = { mesh: name, ...(portion !== undefined && { [portionLabel]: portion }) };
  return expression === undefined ? [] : [{ record, labels, expression }];
}
