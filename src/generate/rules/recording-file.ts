import { coverageRules } from './carrier-rules.js';
import { portionedGroups } from './portioned-groups.js';
import {
  countedSlis,
  gapsOf,
  minuteOf,
  type Recording,
  sightOf,
  sumsByInterval,
  worstMinuteRules,
} from './recording.js';
import type { RuleFile, RuleGroup } from './rule-file.js';
import { fiveMinuteRules } from './sli-rules.js';

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
  const { everyMinute, everyTwoMinutes, everyFiveMinutes } = sumsByInterval(recording);
  return [
    {
      name: 'meshslo:minute',
      intervalSeconds: 60,
      rules: [...minuteOf(counted, settings), ...everyMinute, ...worstMinuteRules(recording)],
    },
    { name: 'meshslo:two-minutes', intervalSeconds: 120, rules: [...everyTwoMinutes, ...coverageRules(settings)] },
    {
      name: 'meshslo:five-minutes',
      intervalSeconds: 300,
      rules: [...gapsOf(counted, settings), ...fiveMinuteRules(), ...sightOf(counted, settings), ...everyFiveMinutes],
    },
  ];
}
