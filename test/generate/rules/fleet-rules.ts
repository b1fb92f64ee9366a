import { formatDuration } from '../../../src/domain/duration.js';
import { recordingFile } from '../../../src/generate/rules/recording-file.js';
import { ruleYaml } from '../../../src/generate/rules/rule-yaml.js';
import { type EventKind, fiveMinuteEvents, minuteEvents } from '../../../src/generate/rules/series-names.js';
import { type Sli, sliName } from '../../../src/generate/rules/sli.js';
import { loadPacks } from '../../../src/packs/load-packs.js';
import { readRuleFile, type RuleGroup } from '../../support/prometheus/rule-file.js';
import type { RecordedEvents } from '../../support/truth/judgement.js';
import { settings } from './made-up-slos.js';
import { thresholdMs, type TruthSli } from '../../support/truth/told-service.js';

/** The usual delay of the rules. */
export const { delaySeconds } = settings;

const packs = loadPacks();

/** The generated rules for some SLIs, as a Prometheus reads them from the file. */
export function fleetRules(
  slis: readonly TruthSli[],
  own: { readonly delaySeconds?: number; readonly rulesPerGroup?: number } = {},
): readonly RuleGroup[] {
  const file = recordingFile({
    slis: slis.map(sliOf),
    windowsSeconds: [300, 3600, 30 * 86_400],
    worstMinutesOfSeconds: [],
    ...{ packs: packs.packs },
    settings: { ...settings, ...own },
  });
  return readRuleFile(ruleYaml(file));
}

/** What the rules recorded for an SLI in a window that ends with an evaluation, from minutes or from five of them. */
export function recordedEvents(sli: TruthSli, windowSeconds: number, from: 'minutes' | 'five minutes'): RecordedEvents {
  const nameOf = from === 'minutes' ? minuteEvents : fiveMinuteEvents;
  const sum = (kind: EventKind): string =>
    `sum_over_time(${nameOf(kind)}{sli="${sliName(sliOf(sli))}"}[${formatDuration(windowSeconds - 0.001)}])`;
  // The last minute before half a minute ago ended a minute ago, where all are evaluated at whole minutes.
  return { total: sum('events'), bad: sum('bad_events'), delaySeconds: delaySeconds + (from === 'minutes' ? 0 : 60) };
}

/** An SLI of a truth, as rules know it. */
export function sliOf({ perspective, kind }: TruthSli): Sli {
  const indicator = kind === 'latency' ? { kind, thresholdSeconds: thresholdMs / 1000 } : { kind };
  return { mesh: 'istio', perspective, indicator, filter: {} };
}
