import { sloId } from '../../../domain/slo.js';
import { loadControlPlaneAlerts } from '../../../packs/load-control-plane-alerts.js';
import { sharesOf, shareValue } from '../alert-share.js';
import { controlPlaneFileName } from '../control-plane-file.js';
import { dependencyFileName } from '../dependency-file.js';
import { isForRules } from '../objectives-file.js';
import type { RuleFile } from '../rule-file.js';
import { alertsFileName, alertsFilePrefix, fileWord, judgedAlike, type RuleSetParts } from '../rule-set.js';
import { watchFileName } from '../watch-file.js';
import { controlPlaneTests } from './control-plane-tests.js';
import { coverageEvaluation, coverageTests, isSeen } from './coverage-tests.js';
import { dependencyTests } from './dependency-tests.js';
import { promtoolFile, type PromtoolTest } from './promtool-file.js';
import { sloAlertTest, type SloStage, sloStage } from './slo-alert-tests.js';
import { watchTests } from './watch-tests.js';

/** Generated tests, by the name of their file. */
export type TestFiles = ReadonlyMap<string, string>;

/**
 * Unit tests of every alert, for `promtool test rules`. Of alerts of SLOs: for one SLO of each tier or owner, policy and window.
 * When one fires and ends is what the embedded evaluator says of the same events, minute by minute; the tests look at the minutes
 * of change.
 *
 * Each file loads the rules that it is about. All stories are told once for each policy, those that show a factor once for
 * each of its windows: shares differ by nothing but their name, and by how strict they are.
 */
export function ruleTests(parts: RuleSetParts, files: readonly RuleFile[]): TestFiles {
  const kept = parts.slos.filter(isForRules).sort((a, b) => (sloId(a) < sloId(b) ? -1 : 1));
  const { alertFiles } = parts.settings;
  const named = (...names: readonly string[]): readonly RuleFile[] => files.filter(({ name }) => names.includes(name));
  const counting = files.filter(({ name }) => isCounting(name));
  const stages = judgedAlike(kept, parts.policies, alertFiles).flatMap((kind) => sloStage(parts, kept, kind) ?? []);
  const whole = firstOfEach(stages, ({ kind }) => kind.policy.name);
  const ofWindows = firstOfEach(stages, ({ kind }) => JSON.stringify([kind.policy.name, kind.windowSeconds]));
  const ofShares = firstOfEach(stages.filter(isSeen), ({ kind }) => kind.share.value);
  const perShare = sharesOf(kept, alertFiles).map((share) => {
    const ofShare = stages.filter(({ kind }) => kind.share.value === share.value);
    const tests = ofShare.map((stage) =>
      sloAlertTest(stage, whole.has(stage) ? 'all' : ofWindows.has(stage) ? 'window' : 'none'),
    );
    return file(`alerts-${fileWord(share.value)}`, [...counting, ...named(alertsFileName(share))], tests);
  });
  const dependencies = dependencyTests(parts, kept);
  const budgets = dependencies.about.map((slo) =>
    alertsFileName({ by: alertFiles, value: shareValue(slo, alertFiles) }),
  );
  const ofDependencies = files.filter(
    ({ name }) => (isCounting(name) && name !== watchFileName) || [...budgets, dependencyFileName].includes(name),
  );
  const { quick, slow } = controlPlaneTests(parts, loadControlPlaneAlerts());
  return new Map(
    [
      ...perShare,
      file(
        'coverage',
        files.filter(({ name }) => isCounting(name) || name.startsWith(alertsFilePrefix)),
        coverageTests([...ofShares]),
        coverageEvaluation,
      ),
      file('dependencies', ofDependencies, dependencies.tests),
      file('control-plane', named(controlPlaneFileName), quick),
      file('control-plane-slow', named(controlPlaneFileName), slow, '15m'),
      file('watch', named(watchFileName), watchTests(parts.settings)),
    ].flat(),
  );
}

/** The strictest of those that are alike, of equals the first: most steps are in reach there. */
function firstOfEach(stages: readonly SloStage[], alike: (stage: SloStage) => string): ReadonlySet<SloStage> {
  const byStrictness = [...stages].reverse().sort((a, b) => a.slo.objective - b.slo.objective);
  return new Set(new Map(byStrictness.map((stage) => [alike(stage), stage])).values());
}

/** Whether rules of SLOs read what a file records. */
function isCounting(name: string): boolean {
  return !name.startsWith(alertsFilePrefix) && ![dependencyFileName, controlPlaneFileName].includes(name);
}

/** Under the name that it is written with; nothing without tests. */
function file(
  name: string,
  rules: readonly RuleFile[],
  tests: readonly PromtoolTest[],
  evaluationInterval = '1m',
): readonly (readonly [string, string])[] {
  return tests.length === 0 ? [] : [[`promtool-tests-${name}.yaml`, promtoolFile(rules, tests, evaluationInterval)]];
}
