import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { RulerSettings } from '../../../src/config/publishing.js';
import { desiredObject, type DesiredObject } from '../../../src/publish/desired-object.js';
import { planOf } from '../../../src/publish/plan.js';
import { publish, type Published } from '../../../src/publish/publish.js';
import { type DesiredGroup, groupText } from '../../../src/publish/ruler/group-text.js';
import { RulerDestination } from '../../../src/publish/ruler/ruler-destination.js';
import { FakeMimir } from '../../support/apis/fake-mimir.js';
import { destinationContract } from '../destination-contract.js';
import { noPatience } from '../patience.js';

const namespace = 'meshslo/prod';

function settingsOf(url: string, api: RulerSettings['api'], tenant: string | undefined = 'team-1'): RulerSettings {
  const how = { timeoutSeconds: 60, access: {}, checkLimits: true };
  return { kind: 'ruler', name: 'ruler', url, ...how, api, tenant, namespace };
}

function groupOf(letter: string, text: string, rules = 1): DesiredGroup {
  const name = `meshslo:alerts:${letter}/%`;
  const list = Array.from({ length: rules }, (_, index) => ({
    record: `r${index}`,
    expr: `vector(1)\n  # ${text}`,
    for: '120s',
  }));
  const object = desiredObject('rule-group', name, () => groupText({ name, interval: '60s', rules: list }));
  return { ...object, ruleCount: rules + 1 };
}

describe.each(['cortex', 'mimir'] as const)('%s', (api) => {
  destinationContract(`a ruler of ${api}`, async () => {
    const mimir = await new FakeMimir(api).listen();
    const groups = () => {
      const { namespaces } = mimir.tenant('team-1');
      if (!namespaces.has(namespace)) namespaces.set(namespace, new Map());
      return namespaces.get(namespace)!;
    };
    const name = (letter: string): string => groupOf(letter, '').identity;
    return {
      open: () => new RulerDestination(settingsOf(mimir.url, api), noPatience()),
      object: groupOf,
      edit: async (letter) => {
        const group = groups().get(name(letter))!;
        groups().set(name(letter), { ...group, rules: [{ record: 'by_hand', expr: 'up' }, ...group.rules] });
        return Promise.resolve();
      },
      makeForeign: async (letter) => {
        groups().set(name(letter), { name: name(letter), rules: [{ record: 'theirs', expr: 'up' }] });
        return Promise.resolve();
      },
      remove: async (letter) => {
        groups().delete(name(letter));
        return Promise.resolve();
      },
      raw: (letter) => {
        const group = groups().get(name(letter));
        return Promise.resolve(group && JSON.stringify(group));
      },
      writes: () => mimir.writes,
      refuse: (letter) => {
        mimir.fault = ({ method, body }) =>
          letter !== undefined && method === 'POST' && body.includes(name(letter))
            ? { status: 400, body: 'could not parse expression\n' }
            : undefined;
      },
      close: () => mimir.close(),
    };
  });
});

describe('a ruler', () => {
  let mimir: FakeMimir;
  let destination: RulerDestination;

  beforeEach(async () => {
    mimir = await new FakeMimir('mimir').listen();
    destination = new RulerDestination(settingsOf(mimir.url, 'mimir'), noPatience());
  });

  afterEach(async () => {
    await destination.close();
    await mimir.close();
  });

  const run = async (desired: readonly DesiredObject[]): Promise<Published> =>
    publish(await planOf(destination, desired, { set: 'prod', now: 0, graceSeconds: 0, overwriteEdits: false }));

  const failure = async (desired: readonly DesiredObject[] = [groupOf('a', 'one')]) =>
    (await run(desired)).endings[0]!.failure;

  test('gets the group, and a rule at its end that never has a result and says whose it is', async () => {
    await run([groupOf('a', 'one')]);
    const [name, group] = [...mimir.tenant('team-1').namespaces.get(namespace)!][0]!;
    expect(name).toBe('meshslo:alerts:a/%');
    expect(group).toMatchObject({
      interval: '1m',
      rules: [
        { record: 'r0', expr: 'vector(1)\n  # one' },
        {
          record: 'meshslo:published',
          expr: 'vector(1) < 0',
          labels: { set: 'prod', digest: groupOf('a', 'one').digest },
        },
      ],
    });
  });

  test('that would take only a part is sent nothing, and it is said how far to raise which limit', async () => {
    mimir.limits = { rulesPerGroup: 20, groups: 2 };
    const many = [groupOf('a', 'one', 21), groupOf('b', 'one'), groupOf('c', 'one', 40)];
    await expect(run(many)).rejects.toMatchObject({
      code: 'refused',
      message:
        'ruler would take only a part of the rules, so nothing is sent: meshslo:alerts:c/% has 41 rules (and 1 more are too large), ' +
        'a group may have 20; there are 3 groups, and one counts twice while it is replaced; a tenant may have 2',
      hint:
        'raise for this tenant ruler_max_rules_per_rule_group to 41 or more and ruler_max_rule_groups_per_tenant to 4 ' +
        'or more, or make smaller groups with rules_per_group: 20; where limits by namespace say otherwise: check_limits: false',
    });
    expect(mimir.writes).toBe(0);
    mimir.limits = { rulesPerGroup: 41, groups: 4 };
    expect((await run(many)).endings.filter((ending) => ending.failure)).toEqual([]);
  });

  test.each([
    { made: 40, most: 20, says: ', or make smaller groups with rules_per_group: 20 in place of 40;' },
    { made: 20, most: 20, says: ' (groups are as small as they can be: what they hold is of one moment);' },
  ])(
    'that takes $most rules in a group is sent no larger ones of groups made for $made',
    async ({ made, most, says }) => {
      mimir.limits = { rulesPerGroup: most, groups: Infinity };
      const own = new RulerDestination({ ...settingsOf(mimir.url, 'mimir'), rulesPerGroup: made }, noPatience());
      const context = { set: 'prod', now: 0, graceSeconds: 0, overwriteEdits: false } as const;
      const refusal = expect.objectContaining({
        code: 'refused',
        hint: expect.stringContaining(says) as unknown,
      }) as unknown;
      await expect(planOf(own, [groupOf('a', 'one', 20)], context)).rejects.toEqual(refusal);
      expect(await planOf(own, [groupOf('a', 'one', 19)], context)).toBeDefined();
      await own.close();
    },
  );

  test('that is allowed as many groups as it says can have each of them changed, beside those of others', async () => {
    const theirs = { name: 'y', rules: [{ record: 'y', expr: 'up' }] };
    mimir.tenant('team-1').namespaces.set('other', new Map([['y', theirs]]));
    mimir.limits = { rulesPerGroup: 20, groups: 3 };
    const two = (text: string) => [groupOf('a', text), groupOf('b', text)];
    await expect(run(two('one'))).rejects.toMatchObject({
      message: expect.stringContaining('there are 2 groups beside 1 of others, and one counts twice') as unknown,
      hint: expect.stringContaining('ruler_max_rule_groups_per_tenant to 4 or more') as unknown,
    });
    mimir.limits = { rulesPerGroup: 20, groups: 4 };
    expect((await run(two('one'))).endings.map((ending) => ending.failure)).toEqual([undefined, undefined]);
    expect((await run(two('two'))).endings.map((ending) => ending.failure)).toEqual([undefined, undefined]);
  });

  test.each([
    { why: 'is busy', answer: { status: 503, body: 'too many outstanding requests\n' }, says: 'answered 503' },
    { why: 'asks for patience', answer: { status: 429, headers: { 'retry-after': '50' } }, says: 'answered 429' },
    {
      why: 'cuts the line',
      answer: { status: 0, instead: 'cut' as const },
      says: 'the connection was closed before a whole answer',
    },
  ])(
    'that $why when its limits are asked is published to all the same, and says that it does not know them',
    async ({ answer, says }) => {
      mimir.fault = ({ path }) => (path.at(-1) === 'user_limits' ? answer : undefined);
      const { endings, remarks } = await run([groupOf('a', 'one')]);
      expect(endings.map((ending) => ending.failure)).toEqual([undefined]);
      expect(remarks).toEqual([expect.stringMatching(/^it did not tell its limits \(.*\): what it does not take/)]);
      expect(remarks[0]).toContain(says);
      expect(mimir.asked.filter(({ path }) => path.at(-1) === 'user_limits')).toHaveLength(1);
      mimir.fault = () => undefined;
      expect((await run([groupOf('a', 'one')])).remarks).toEqual([]);
    },
  );

  test('whose namespace is protected says so, and where', async () => {
    mimir.protectedNamespaces.add(namespace);
    expect(await failure()).toMatchObject({
      code: 'forbidden',
      hint: 'it is in ruler_protected_namespaces of this tenant: take it out there, or name another as ruler.namespace',
    });
  });

  test.each([
    { why: 'it does not tell', tells: false, checkLimits: true },
    { why: 'nobody wants to know', tells: true, checkLimits: false },
  ])('that refuses what its limits do not allow says so then, where $why', async ({ tells, checkLimits }) => {
    destination = new RulerDestination({ ...settingsOf(mimir.url, 'mimir'), checkLimits }, noPatience());
    mimir.tellsLimits = tells;
    mimir.limits = { rulesPerGroup: 20, groups: 70 };
    expect(await failure([groupOf('a', 'one', 21)])).toMatchObject({
      code: 'refused',
      message: expect.stringContaining('limit: 20 actual: 22') as unknown,
      hint: 'raise ruler_max_rules_per_rule_group for this tenant',
    });
    mimir.limits = { rulesPerGroup: 20, groups: 0 };
    expect(await failure()).toMatchObject({ hint: 'raise ruler_max_rule_groups_per_tenant for this tenant' });
  });

  test('loses a group of objectives at once: what was in it may stand in another by now, with another value', async () => {
    const objectives = (name: string): DesiredGroup => {
      const text = groupText({ name, interval: '2m', rules: [{ record: 'slo:objective:ratio', expr: 'vector(0.9)' }] });
      return { ...desiredObject('rule-group', name, () => text), ruleCount: 2 };
    };
    const graceful = { set: 'prod', now: 0, graceSeconds: 3600, overwriteEdits: false };
    await run([objectives('meshslo:objectives:01'), groupOf('a', 'one')]);
    const { objects } = await planOf(destination, [], graceful);
    expect(objects.map(({ identity, standing }) => [identity, standing])).toEqual([
      ['meshslo:alerts:a/%', 'retiring'],
      ['meshslo:objectives:01', 'gone'],
    ]);
  });

  test('that asks for a tenant says where to name it', async () => {
    destination = new RulerDestination({ ...settingsOf(mimir.url, 'mimir'), tenant: undefined }, noPatience());
    await expect(run([])).rejects.toMatchObject({
      code: 'unauthenticated',
      hint: 'it may ask for a tenant: ruler.tenant',
    });
  });

  test('without this API is no empty one', async () => {
    destination = new RulerDestination(settingsOf(mimir.url, 'cortex'), noPatience());
    await expect(run([])).rejects.toMatchObject({
      code: 'not-found',
      hint: expect.stringContaining('-ruler.enable-api') as unknown,
    });
  });

  test.each(['<html>login</html>', 'a: &a [*a]', '- 1', `${namespace}: nothing`])(
    'that answers %s is none',
    async (body) => {
      mimir.fault = () => ({ status: 200, body });
      await expect(run([])).rejects.toMatchObject({ code: 'body-malformed' });
    },
  );

  test.each([
    { status: 200, body: '{}\n' },
    { status: 200, body: 'null\n' },
    { status: 404, body: 'no rule groups found\n' },
  ])('that is empty in other words is empty: $body', async (answer) => {
    mimir.fault = ({ method }) => (method === 'GET' ? answer : undefined);
    expect(await run([])).toMatchObject({ same: 0, endings: [] });
  });

  test('that is down is not asked for every one of a thousand groups', async () => {
    const many = Array.from({ length: 1000 }, (_, index) => groupOf(`${index}`, 'one'));
    const plan = await planOf(destination, many, { set: 'prod', now: 0, graceSeconds: 0, overwriteEdits: false });
    const before = mimir.asked.length;
    mimir.fault = () => ({ status: 0, instead: 'cut' });
    const { endings } = await publish(plan);
    expect(mimir.asked.length - before).toBeLessThan(100);
    expect(endings.filter(({ isSkipped }) => isSkipped).length).toBeGreaterThan(900);
    mimir.fault = () => undefined;
    expect((await run(many)).endings.every((ending) => ending.failure === undefined)).toBe(true);
  });

  test('rules of others beside ours are none of our business', async () => {
    mimir
      .tenant('team-1')
      .namespaces.set(namespace, new Map([['x', { name: 'x', rules: [{ record: 'x', expr: 'up' }] }]]));
    mimir.tenant('team-1').namespaces.set('other', new Map([['y', { name: 'y', rules: [] }]]));
    await run([groupOf('a', 'one')]);
    await run([]);
    const { namespaces } = mimir.tenant('team-1');
    expect([[...namespaces.get(namespace)!.keys()], [...namespaces.get('other')!.keys()]]).toEqual([['x'], ['y']]);
  });
});
