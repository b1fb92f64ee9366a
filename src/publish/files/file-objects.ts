import type { FileContent } from '../../config/publishing.js';
import { ruleFileName, ruleYaml } from '../../generate/rules/rule-yaml.js';
import { desiredObject, type DesiredObject } from '../desired-object.js';
import type { Documents } from '../documents.js';

export const alertmanagerName = 'alertmanager.yaml';

/** Documents as files of a folder. */
export function fileObjects(documents: Documents, contents: readonly FileContent[]): readonly DesiredObject[] {
  const { rules, tests, alertmanager, dashboards } = documents;
  const made: Readonly<Record<FileContent, () => readonly DesiredObject[]>> = {
    rules: () => rules.map((file) => desiredObject('file', ruleFileName(file), () => ruleYaml(file))),
    tests: () => [...tests()].map(([name, text]) => desiredObject('file', name, () => text)),
    alertmanager: () =>
      alertmanager === undefined ? [] : [desiredObject('file', alertmanagerName, () => alertmanager)],
    dashboards: () => dashboards.map((one) => desiredObject('file', `dashboards/${one.uid}.json`, () => one.json)),
  };
  return [...new Set(contents)].flatMap((content) => made[content]());
}
