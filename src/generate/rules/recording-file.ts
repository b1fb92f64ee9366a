import { portionedGroups } from './portioned-groups.js';
import {
  countedSlis,
  gapsOf,
  minuteOf,
  type Recording,
  sightOf,
  windowsByInterval,
  worstMinuteRules,
} from './recording.js';
import type { RecordingRule, RuleFile, RuleGroup } from './rule-file.js';
import { fiveMinuteRules } from './sli-rules.js';
import { windowRules } from './window-rules.js';

/** The rules that turn raw counters into events by service, SLI and window: the same for ten services and for ten thousand. */
export function recordingFile(recording: Recording): RuleFile {
  return {
    name: 'meshslo-recording',
    about: [
      'Events of every service, by SLI and window. docs/rules.md says what the series mean.',
      'Budgets of calendar windows and of time slices are not in here: the ledger alone has them.',
    ],
    groups: recording.settings.rulesPerGroup === undefined ? wholeGroups(recording) : portionedGroups(recording),
  };
}

/** As few groups as there are intervals: what reads what others recorded comes after it in the same group. */
function wholeGroups(recording: Recording): readonly RuleGroup[] {
  const { settings } = recording;
  const counted = countedSlis(recording);
  const { everyMinute, everyTwoMinutes, everyFiveMinutes } = windowsByInterval(recording);
  const sums = (windows: readonly number[]): readonly RecordingRule[] =>
    windows.flatMap((seconds) => windowRules(seconds, recording.windowsSeconds));
  return [
    {
      name: 'meshslo:minute',
      intervalSeconds: 60,
      rules: [...minuteOf(counted, settings), ...sums(everyMinute), ...worstMinuteRules(recording)],
    },
    { name: 'meshslo:two-minutes', intervalSeconds: 120, rules: sums(everyTwoMinutes) },
    {
      name: 'meshslo:five-minutes',
      intervalSeconds: 300,
      rules: [
        ...gapsOf(counted, settings),
        ...fiveMinuteRules(),
        ...sightOf(counted, settings),
        ...sums(everyFiveMinutes),
      ],
    },
  ];
}
