import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { GrafanaSettings } from '../../../src/config/publishing.js';
import { annotationTags } from '../../../src/domain/annotation-tags.js';
import { AnnotationDestination } from '../../../src/publish/grafana/annotation-destination.js';
import { annotationObjects } from '../../../src/publish/grafana/annotation-text.js';
import type { PastMoment } from '../../../src/publish/past-moment.js';
import { type Plan, planOf } from '../../../src/publish/plan.js';
import { publish, type Published } from '../../../src/publish/publish.js';
import { FakeGrafana } from '../../support/apis/fake-grafana.js';
import { noPatience } from '../patience.js';

const folder = mkdtempSync(join(tmpdir(), 'meshslo-annotations-'));
const tokenFile = join(folder, 'token');
writeFileSync(tokenFile, 'glsa_right\n');
afterAll(() => rmSync(folder, { recursive: true }));

const day = 86_400;
const start = Date.UTC(2026, 10, 21, 16, 40) / 1000;
const cart = { cluster: 'eu-1', namespace: 'shop', service: 'cart' };

const deploy: PastMoment = {
  kind: 'deploy',
  key: 'deploy of cart',
  from: start,
  to: undefined,
  place: cart,
  summary: 'cart went from 1.4 to <1.5>',
  link: undefined,
};

const alert: PastMoment = {
  kind: 'alert',
  key: 'e1',
  from: start + 60,
  to: undefined,
  place: cart,
  summary: 'ErrorBudgetBurnFast (page): cart burns 48x too fast',
  link: 'https://meshslo.example/services/eu-1/shop/cart?from=1&to=2',
};

let grafana: FakeGrafana;
let now: number;
let open: AnnotationDestination[];

beforeEach(async () => {
  grafana = await new FakeGrafana().listen();
  now = start + 3600;
  open = [];
});

afterEach(async () => {
  for (const one of open) await one.close();
  await grafana.close();
});

async function plan(past: readonly PastMoment[], set = 'prod', overwriteEdits = false): Promise<Plan> {
  const settings: GrafanaSettings = {
    kind: 'grafana',
    name: 'g',
    url: grafana.url,
    timeoutSeconds: 60,
    access: { authorization: { kind: 'bearer', tokenFile } },
    folder: { uid: 'f', title: 'F' },
    annotationsSeconds: 30 * day,
  };
  const destination = new AnnotationDestination(settings, { set, now, patience: noPatience() });
  open.push(destination);
  return planOf(destination, annotationObjects(past), { set, now, graceSeconds: 7 * day, overwriteEdits });
}

async function run(past: readonly PastMoment[], set?: string, overwriteEdits?: boolean): Promise<Published> {
  return publish(await plan(past, set, overwriteEdits));
}

const standings = ({ objects }: Plan): readonly string[] => objects.map(({ standing }) => standing);
const failures = ({ endings }: Published): readonly string[] => endings.flatMap(({ failure }) => failure?.code ?? []);
const texts = (): readonly string[] => [...grafana.annotations.values()].map(({ text }) => text);

/** Somebody makes an annotation in the browser. */
function byHand(id: number, tags: readonly string[], more: { readonly time?: number } = {}): void {
  grafana.annotations.set(id, { id, time: start * 1000, timeEnd: start * 1000, text: 'by hand', tags, ...more });
}

describe('what happened, as annotations of a Grafana', () => {
  test('has tags of its kind and place, and text that is no HTML but for a link', async () => {
    await run([deploy, alert]);
    expect([...grafana.annotations.values()].sort((a, b) => a.time - b.time)).toMatchObject([
      {
        time: start * 1000,
        timeEnd: start * 1000,
        text: 'cart went from 1.4 to &lt;1.5&gt;',
        tags: expect.arrayContaining([
          'meshslo',
          'deploy',
          'cluster:eu-1',
          'namespace:shop',
          'service:cart',
        ]) as unknown,
      },
      {
        text:
          'ErrorBudgetBurnFast (page): cart burns 48x too fast\n' +
          '<a href="https://meshslo.example/services/eu-1/shop/cart?from=1&amp;to=2">More</a>',
      },
    ]);
  });

  test('is told once: a second run changes nothing and writes nothing', async () => {
    await run([deploy, alert]);
    const before = grafana.writes;
    expect(standings(await plan([alert, deploy]))).toEqual([]);
    expect(await run([alert, deploy])).toMatchObject({ same: 2, endings: [] });
    expect(grafana.writes).toBe(before);
  });

  test('becomes a stretch when it is over, under the number it had', async () => {
    await run([alert]);
    const [id] = [...grafana.annotations.keys()];
    expect(standings(await plan([{ ...alert, to: start + 600 }]))).toEqual(['changed']);
    await run([{ ...alert, to: start + 600 }]);
    expect([...grafana.annotations.values()]).toMatchObject([
      { id, time: (start + 60) * 1000, timeEnd: (start + 600) * 1000 },
    ]);
  });

  test('stays although nobody remembers it, and goes when its time is over', async () => {
    await run([deploy, { ...alert, to: start + 600 }]);
    now += 29 * day;
    expect(await run([])).toMatchObject({ endings: [], waiting: [], kept: [] });
    expect(grafana.annotations.size).toBe(2);
    now = start + 30 * day + 60;
    expect(standings(await plan([]))).toEqual(['gone']);
    await run([]);
    expect(texts()).toEqual([expect.stringContaining('ErrorBudgetBurnFast')]);
  });

  test('of somebody else, by hand or of another set, is never touched', async () => {
    byHand(70, ['meshslo', 'correction']);
    byHand(71, ['meshslo', 'meshslo-set:prod']);
    await run([deploy], 'other');
    now += 400 * day;
    await run([deploy]);
    now += 400 * day;
    await run([]);
    expect(texts()).toEqual(['by hand', 'by hand', expect.stringContaining('1.4')]);
  });

  test('that people have edited stays as they want it, is told, and outlives its time', async () => {
    await run([alert]);
    const [one] = [...grafana.annotations.values()];
    grafana.annotations.set(one!.id, { ...one!, text: 'it was the cache' });
    const ended = { ...alert, to: start + 600 };
    expect((await run([ended])).kept.map(({ standing }) => standing)).toEqual(['edited']);
    expect(texts()).toEqual(['it was the cache']);
    now += 40 * day;
    expect(await run([])).toMatchObject({ endings: [], kept: [] });
    expect(texts()).toEqual(['it was the cache']);
    now -= 40 * day;
    await run([ended], 'prod', true);
    expect(texts()).toEqual([expect.stringContaining('48x')]);
  });

  test('that somebody changes or removes meanwhile is told as a conflict, or is done already', async () => {
    await run([alert]);
    const found = await plan([{ ...alert, to: start + 600 }]);
    const [one] = [...grafana.annotations.values()];
    grafana.annotations.set(one!.id, { ...one!, text: 'theirs' });
    expect(failures(await publish(found))).toEqual(['conflict']);
    expect(texts()).toEqual(['theirs']);
  });

  test('that two make at the same time is there once after the next run', async () => {
    const [first, second] = [await plan([deploy]), await plan([deploy])];
    await publish(first);
    expect(failures(await publish(second))).toEqual([]);
    expect(grafana.annotations.size).toBe(1);
    const [one] = [...grafana.annotations.values()];
    grafana.annotations.set(99, { ...one!, id: 99 });
    expect(standings(await plan([deploy]))).toEqual(['gone']);
    expect(failures(await run([deploy]))).toEqual([]);
    expect([...grafana.annotations.keys()]).toEqual([one!.id]);
  });

  test('is not made twice where the answer was lost', async () => {
    grafana.fault = ({ method }) => {
      if (method !== 'POST') return undefined;
      grafana.fault = () => undefined;
      return { status: 0, loseAnswer: true };
    };
    expect(failures(await run([deploy]))).toEqual([]);
    expect(grafana.annotations.size).toBe(1);
  });

  test('is found on every page of a search', async () => {
    const many = Array.from({ length: 5000 }, (_, index) => ({ ...deploy, key: `d${index}`, from: start - index }));
    for (const [index, { identity, digest, content }] of annotationObjects(many).entries()) {
      const { tags, ...rest } = JSON.parse(content()) as {
        time: number;
        timeEnd: number;
        text: string;
        tags: string[];
      };
      const marks = [`meshslo-set:prod`, `meshslo-id:${identity}`, `meshslo-was:${digest}`];
      grafana.annotations.set(index + 1000, { id: index + 1000, ...rest, tags: [...tags, ...marks] });
    }
    const further = { ...deploy, key: 'further', from: start - 40 * day };
    await run([further]);
    expect(grafana.annotations.size).toBe(5001);
    expect(standings(await plan(many))).toEqual(['gone']);
  });

  test('of more than can be told is told of the newest', () => {
    const many = Array.from({ length: 5001 }, (_, index) => ({ ...deploy, key: `d${index}`, from: start + index }));
    const titles = annotationObjects(many).map(({ title }) => title);
    expect(titles).toHaveLength(5000);
    expect(titles[0]).toBe('2026-11-21 18:03 UTC cart went from 1.4 to <1.5>');
  });

  test('comes back as it was with names and words of every character', async () => {
    const word = fc.string({ unit: 'binary', maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(word, word, word, word, async (cluster, namespace, service, summary) => {
        grafana.annotations.clear();
        const moment = { ...deploy, place: { cluster, namespace, service }, summary: `x${summary}` };
        expect(failures(await run([moment]))).toEqual([]);
        expect(standings(await plan([moment]))).toEqual([]);
        const [one] = [...grafana.annotations.values()];
        // What a board asks for by the same names.
        expect(one!.tags).toEqual(expect.arrayContaining([...annotationTags('deploy', moment.place)]));
      }),
      { numRuns: 60 },
    );
  });

  test('holds nothing that Grafana would give back otherwise', async () => {
    await run([{ ...deploy, summary: 'half a pair \ud83d, and a zero \0' }]);
    expect(texts()).toEqual(['half a pair \ufffd, and a zero \ufffd']);
  });

  test('that somebody has moved to a time without a date is told as edited', async () => {
    await run([deploy]);
    const [one] = [...grafana.annotations.values()];
    grafana.annotations.set(one!.id, { ...one!, time: 1e20, timeEnd: 1e20 });
    expect(standings(await plan([deploy]))).toEqual(['edited']);
  });

  test('without the right to write is told as that', async () => {
    grafana.forbidden.add('POST annotations');
    const { endings } = await run([deploy, alert]);
    expect(endings.map(({ failure }) => failure?.code)).toEqual(['forbidden', 'forbidden']);
    expect(endings[0]!.failure!.message).toContain('answered 403');
  });
});
