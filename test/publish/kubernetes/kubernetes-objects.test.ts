import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { ruleSet } from '../../../src/generate/rules/rule-set.js';
import type { DesiredObject } from '../../../src/publish/desired-object.js';
import { kubernetesObjects } from '../../../src/publish/kubernetes/kubernetes-objects.js';
import type { Slo } from '../../../src/domain/slo.js';
import { everySlo, madeUpSlo, partsOf } from '../../generate/rules/made-up-slos.js';
import { prometheusRuleSpecSchema } from '../../support/apis/operator-schemas.js';

/** The operator's `maxConfigMapDataSize`: half of what a Secret may hold. */
const mostBytes = 0.5 * 1024 * 1024;

function objectsOf(slos: readonly Slo[]): readonly DesiredObject[] {
  const documents = {
    rules: ruleSet(partsOf(slos)),
    rulesInGroupsOf: () => [],
    tests: () => new Map<string, string>(),
    alertmanager: undefined,
    notifications: undefined,
    dashboards: [],
  };
  const settings = { namespace: 'monitoring', labels: {}, rules: true, alertmanagerSecret: undefined } as const;
  return kubernetesObjects(documents, { ...settings, dashboards: 'none' }, 'prod');
}

describe('rules as PrometheusRules', () => {
  test('have no field that the operator does not know, and every value is of its form', () => {
    const objects = objectsOf(everySlo);
    expect(objects.length).toBeGreaterThan(4);
    for (const { content } of objects) {
      const { spec } = parse(content()) as { spec: unknown };
      expect(prometheusRuleSpecSchema.safeParse(spec).error).toBeUndefined();
    }
  });

  test('of three thousand SLOs are no larger than what the operator hands on, and keep every group', () => {
    const slos = Array.from({ length: 3000 }, (_, index) =>
      madeUpSlo({ service: { cluster: 'eu-1', namespace: 'shop', name: `service-${index}` } }),
    );
    const objectives = objectsOf(slos).filter(({ identity }) => identity.startsWith('meshslo-prod-objectives'));
    const names = objectives.map(({ identity }) => identity);
    expect(names).toEqual(expect.arrayContaining(['meshslo-prod-objectives', 'meshslo-prod-objectives-1']));
    for (const { content } of objectives) expect(Buffer.byteLength(content())).toBeLessThan(mostBytes);
    const rules = objectives.flatMap(({ content }) => {
      const { spec } = parse(content()) as { spec: { groups: { rules: unknown[] }[] } };
      return spec.groups.flatMap((group) => group.rules);
    });
    expect(rules).toHaveLength(3000);
  });
});
