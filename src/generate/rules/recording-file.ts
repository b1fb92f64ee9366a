import type { SignalPacks } from '../../packs/load-packs.js';
import { packFor } from '../../packs/load-packs.js';
import type { SignalPack } from '../../packs/signal-pack.js';
import { call } from '../../promql/expression.js';
import type { Expression } from '../../promql/expression.js';
import { carrierRules, sightRules } from './carrier-rules.js';
import { firstSightExpression, gapEndExpression } from './growth.js';
import type { RecordingRule, RuleFile } from './rule-file.js';
import type { RuleSettings } from './rule-settings.js';
import { firstSight, gapEnd, minuteEvents, worstMinute } from './series-names.js';
import type { Sli } from './sli.js';
import { fiveMinuteRules, heldRules, minuteAtRule, minuteRules, recorded, unplacedRules } from './sli-rules.js';
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

/** The rules that turn raw counters into events by service, SLI and window: the same for ten services and for ten thousand. */
export function recordingFile(recording: Recording): RuleFile {
  const { slis, windowsSeconds, worstMinutesOfSeconds, packs, settings } = recording;
  const counted = slis.flatMap((sli) => {
    const pack = packFor(packs, sli.mesh);
    return pack === undefined ? [] : [{ sli, pack }];
  });
  const inUse = [...new Set(counted.map(({ pack }) => pack))];
  const slisOf = (pack: SignalPack): readonly Sli[] => counted.flatMap((one) => (one.pack === pack ? [one.sli] : []));
  const windows = [...new Set(windowsSeconds)].sort((a, b) => a - b);
  const sums = (seconds: number): readonly RecordingRule[] => windowRules(seconds, windows);
  return {
    name: 'meshslo-recording',
    about: [
      'Events of every service, by SLI and window. docs/rules.md says what the series mean.',
      'Budgets of calendar windows and of time slices are not in here: the ledger alone has them.',
    ],
    groups: [
      {
        name: 'meshslo:minute',
        intervalSeconds: 60,
        rules: [
          ...inUse.flatMap((pack) => targetRule(firstSight, pack, firstSightExpression(pack, settings))),
          ...counted.flatMap(({ sli, pack }) => heldRules(sli, pack, settings)),
          minuteAtRule,
          ...counted.flatMap(({ sli, pack }) => minuteRules(sli, pack, settings)),
          ...windows.filter((seconds) => seconds > 60 && seconds <= longestEveryMinuteSeconds).flatMap(sums),
          ...[...new Set(worstMinutesOfSeconds)].sort((a, b) => a - b).map(worstMinuteRule),
        ],
      },
      {
        name: 'meshslo:two-minutes',
        intervalSeconds: 120,
        rules: windows
          .filter((seconds) => seconds > longestEveryMinuteSeconds && seconds <= longestMinuteWindowSeconds)
          .flatMap(sums),
      },
      {
        name: 'meshslo:five-minutes',
        intervalSeconds: 300,
        rules: [
          ...inUse.flatMap((pack) => targetRule(gapEnd, pack, gapEndExpression(pack, settings))),
          ...counted.flatMap(({ sli, pack }) => unplacedRules(sli, pack, settings)),
          ...fiveMinuteRules(),
          ...inUse.flatMap((pack) => carrierRules(pack, slisOf(pack), settings)),
          ...sightRules(settings),
          ...windows.filter((seconds) => seconds > longestMinuteWindowSeconds).flatMap(sums),
        ],
      },
    ],
  };
}

function targetRule(
  record: string,
  { name }: SignalPack,
  expression: Expression | undefined,
): readonly RecordingRule[] {
  return expression === undefined ? [] : [{ record, labels: { mesh: name }, expression }];
}

function worstMinuteRule(windowSeconds: number): RecordingRule {
  const expression = call('max_over_time', recorded(minuteEvents('bad_events'), windowSeconds));
  return { record: worstMinute(windowSeconds), labels: {}, expression };
}
