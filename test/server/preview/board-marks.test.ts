import { expect, test } from '@jest/globals';
import type { BoardEvents } from '../../../src/domain/board.js';
import { Failure } from '../../../src/domain/failure.js';
import type { PastMoment } from '../../../src/publish/past-moment.js';
import { askMarks, type BoardMark } from '../../../src/server/preview/board-marks.js';
import { markLayer } from '../../../src/server/preview/mark-layer.js';

const view = {
  range: { from: 1000, to: 2000 },
  stepSeconds: 60,
  chosen: { cluster: 'eu-1', namespace: 'shop', service: 'cart' },
};

const alerts: BoardEvents = {
  name: 'Alerts',
  tone: 'bad',
  source: { kind: 'query', expr: 'ALERTS{service="$service"}', title: '{{alertname}}', text: '{{severity}}' },
};
const deploys: BoardEvents = {
  name: 'Deploys',
  tone: 'plain',
  source: { kind: 'tags', tags: ['meshslo', 'deploy', 'cluster:${cluster}', 'service:${service}'] },
};
const silent = { range: () => Promise.resolve([]) };

test('an alert is a stretch of time for as long as it fires, and another when it fires again', async () => {
  const asked: string[] = [];
  const prometheus = {
    range: (query: string) => {
      asked.push(query);
      const samples = [1000, 1060, 1120, 1600].map((at) => ({ at, value: 1 }));
      return Promise.resolve([{ labels: { alertname: 'BurnFast', severity: 'page' }, samples }]);
    },
  };
  const { marks, trouble } = await askMarks({ events: [alerts] }, prometheus, view, undefined);
  expect(asked).toEqual(['ALERTS{service="cart"}']);
  expect(trouble).toBeUndefined();
  const text = 'Alerts: BurnFast, page';
  expect(marks).toEqual([
    { from: 1000, to: 1120, tone: 'bad', text },
    { from: 1600, to: 1600, tone: 'bad', text },
  ]);
});

test('what meshslo remembers of the chosen service is marked where the board asks for its tags, and nothing of others', async () => {
  const moment = (said: Partial<PastMoment>): PastMoment => ({
    kind: 'deploy',
    key: 'one',
    from: 1500,
    to: undefined,
    place: { cluster: 'eu-1', namespace: 'shop', service: 'cart' },
    summary: 'cart went from 1.4 to 1.5',
    link: undefined,
    ...said,
  });
  const past = (): readonly PastMoment[] => [
    moment({}),
    moment({ place: { cluster: 'eu-1', namespace: 'shop', service: 'web' } }),
    moment({ kind: 'finding' }),
    moment({ from: 500 }),
  ];
  const { marks } = await askMarks({ events: [deploys] }, silent, view, past);
  expect(marks).toEqual([{ from: 1500, to: 1500, tone: 'plain', text: 'Deploys: cart went from 1.4 to 1.5' }]);
});

test('what began before the range and reaches into it is marked, as far as it went or goes on', async () => {
  const episodes: BoardEvents = {
    name: 'Alerts',
    tone: 'bad',
    source: { kind: 'tags', tags: ['meshslo', 'alert'] },
  };
  const moment = (from: number, to: number | undefined, summary: string): PastMoment => ({
    kind: 'alert',
    key: summary,
    from,
    to,
    place: {},
    summary,
    link: undefined,
  });
  const past = (): readonly PastMoment[] => [
    moment(200, 900, 'over before'),
    moment(300, 1200, 'ended within'),
    moment(400, undefined, 'goes on'),
    moment(1500, 2500, 'ended after'),
  ];
  const { marks } = await askMarks({ events: [episodes] }, silent, view, past);
  expect(marks.map(({ from, to, text }) => [from, to, text])).toEqual([
    [300, 1200, 'Alerts: ended within'],
    [400, 2000, 'Alerts: goes on'],
    [1500, 2000, 'Alerts: ended after'],
  ]);
});

test('what has to be switched on is left off, and what cannot be asked is said', async () => {
  const broken = { range: () => Promise.reject(new Failure('target-unreachable', 'connection refused')) };
  const off = await askMarks({ events: [{ ...alerts, isOff: true }] }, broken, view, undefined);
  expect(off).toEqual({ marks: [], trouble: undefined });
  const on = await askMarks({ events: [alerts] }, broken, view, undefined);
  expect(on).toEqual({ marks: [], trouble: 'connection refused' });
});

const area = { range: { from: 0, to: 100 }, left: 0, right: 1000, top: 0, bottom: 100 };
const mark = (from: number, to: number, text: string): BoardMark => ({ from, to, tone: 'bad', text });

test('a mark of what began before the chart has no line where the chart begins, and says when it began', () => {
  const range = { from: 200_000, to: 203_600 };
  const drawn = markLayer([mark(100_000, 201_800, 'long'), mark(200_000, 200_000, 'now')], { ...area, range });
  expect(drawn).toContain('<rect class="shade tone-bad" x="0" y="97" width="500" height="3"/>');
  expect(drawn.match(/class="marked/g)).toHaveLength(1);
  expect(drawn).toContain('01-02 03:46 long');
});

test('a mark stands where it began, is as long as it went on, and says what it was to whoever points at it or comes by keyboard', () => {
  const drawn = markLayer([mark(10, 30, '<b>late</b>')], area);
  expect(drawn).toContain('d="M100 0V100"');
  expect(drawn).toContain('<rect class="shade tone-bad" x="100" y="97" width="200" height="3"/>');
  expect(drawn).toContain('tabindex="0"');
  expect(drawn).toContain('aria-label="00:00 &lt;b&gt;late&lt;/b&gt;"');
  expect(drawn).not.toContain('<b>');
});

test('marks of one place are pointed at together', () => {
  const drawn = markLayer([mark(10, 10, 'one'), mark(10.5, 10.5, 'two'), mark(50, 50, 'three')], area);
  expect([...drawn.matchAll(/aria-label="([^"]*)"/g)].map(([, said]) => said)).toEqual([
    '00:00 one; 00:00 two',
    '00:00 three',
  ]);
});

test('a time stands with its day where the chart shows several days', () => {
  const days = { ...area, range: { from: 0, to: 7 * 86_400 } };
  expect(markLayer([mark(90_000, 90_000, 'one')], days)).toContain('aria-label="01-02 01:00 one"');
});

test('a thousand marks of one moment are one line, and six lines of text', () => {
  const drawn = markLayer(
    Array.from({ length: 1000 }, (_, index) => mark(10, 30, `number ${index}`)),
    area,
  );
  expect(drawn.match(/class="marked/g)).toHaveLength(1);
  expect(drawn.match(/<text/g)).toHaveLength(6);
  expect(drawn).toContain('number 4; and 995 more"');
});
