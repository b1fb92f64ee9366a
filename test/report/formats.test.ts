import { describe, expect, test } from '@jest/globals';
import type { KeptFinding } from '../../src/domain/finding.js';
import type { ReportDocument } from '../../src/report/document/report-document.js';
import { weekDocument } from '../../src/report/document/week-document.js';
import { renderReport } from '../../src/report/render-report.js';
import { mailFaults } from '../../src/report/render/mail-lint.js';
import { requestsOfWeek } from '../../src/report/requests-of-week.js';
import type { SloWeek } from '../../src/report/slo-week.js';
import type { WeekReport } from '../../src/report/week-report.js';
import { promiseInWords } from '../../src/report/words/promises.js';
import { batch } from '../ledger/support.js';
import { hostileNames, hostileReport } from './hostile-report.js';
import { madeUpReport, week } from './made-up-report.js';
import { madeUpPast } from './made-up-weeks.js';

const hour = 3600;
const empty = { slos: madeUpPast({ ...week, burst: week }).slos, slots: [], unplaced: [], breakdown: new Map() };

const hostile = hostileReport();

const reports: readonly (readonly [string, Promise<WeekReport>])[] = [
  ['an organisation', madeUpReport()],
  ['a team', madeUpReport({ scope: { kind: 'team', owner: 'team-shop' } })],
  ['a team that there is not', madeUpReport({ scope: { kind: 'team', owner: 'nobody-we-know' } })],
  ['a week that is not over', madeUpReport({ now: week.from + 60 * hour + 30 })],
  ['a week that has just begun', madeUpReport({ now: week.from })],
  ['hostile names', hostile],
];

/** Every text of a document, in order. */
function texts({ overline, title, lead, sections, footer }: ReportDocument): readonly string[] {
  const ofSections = sections.flatMap(({ title: head, blocks }) => [
    head,
    ...blocks.flatMap((block): readonly string[] => {
      switch (block.kind) {
        case 'paragraph':
          return [block.text];
        case 'picture':
          return [block.picture.alt];
        case 'actions':
          return block.actions.flatMap((one) => [one.title, one.why, one.action, one.owner]);
        case 'entries':
          return block.entries.flatMap(({ title: what, when, facts }) => [what, when, ...facts]);
        case 'table':
          return [
            ...block.table.columns.map((column) => column.title),
            ...block.table.rows.flat().flatMap(({ text, note }) => [text, ...(note === undefined ? [] : [note])]),
          ];
      }
    }),
  ]);
  return [overline, title, ...lead.map(({ text }) => text), ...ofSections, ...footer];
}

/** Letters and figures only: how a text is laid out and escaped is up to its format. */
const bare = (text: string): string => text.replace(/[^\p{L}\p{N}]/gu, '').toLowerCase();

const decoded = (html: string): string =>
  html
    .replace(/<style>.*?<\/style>|<!--.*?-->/gs, '')
    .replace(/<img [^>]*alt="([^"]*)"[^>]*>/g, '$1')
    .replace(/<[^>]*>/g, '')
    .replace(/&nbsp;/g, ' ')
    .replace(/&#39;/g, "'")
    .replace(/&quot;/g, '"')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');

describe.each(reports)('the report of %s', (_, report) => {
  test('is HTML that Gmail and Outlook show as it is meant', async () => {
    expect(mailFaults((await renderReport(await report, 'html')).body)).toEqual([]);
  });

  test('says the same in every format', async () => {
    const wanted = texts(weekDocument(await report)).map(bare);
    const [html, text, md] = await Promise.all(
      (['html', 'text', 'md'] as const).map(async (format) => (await renderReport(await report, format)).body),
    );
    const unescaped = md!.replace(/&#58;|&#64;|&#46;/g, '').replace(/<br>/g, '');
    for (const [name, body] of Object.entries({ html: decoded(html!), text: text!, md: unescaped })) {
      const whole = bare(body);
      const missing = wanted.filter((one) => !whole.includes(one));
      expect({ name, missing }).toEqual({ name, missing: [] });
    }
  });

  test('has no line of text that is longer than a terminal', async () => {
    const { body } = await renderReport(await report, 'text');
    expect(body.split('\n').filter((line) => Array.from(line).length > 80)).toEqual([]);
  });

  test('is the same whenever it is rendered', async () => {
    for (const format of ['html', 'text', 'md', 'json'] as const) {
      expect(await renderReport(await report, format)).toEqual(await renderReport(await report, format));
    }
  });

  test('comes back from JSON', async () => {
    const { body } = await renderReport(await report, 'json');
    const again = JSON.parse(body) as WeekReport;
    expect(again).toEqual(JSON.parse(JSON.stringify(await report)));
    expect((await renderReport(again, 'html')).body).toBe((await renderReport(await report, 'html')).body);
  });

  test('has a picture for each of its names, and says what is on it', async () => {
    const { body, images } = await renderReport(await report, 'html');
    const named = [...body.matchAll(/src="cid:([^"]*)"/g)].map(([, cid]) => cid);
    expect(named).toEqual(images.map(({ cid }) => cid));
    for (const { png, alt } of images) {
      expect(png.subarray(1, 4).toString()).toBe('PNG');
      expect(alt).toMatch(/from .* of its budget to/);
    }
  });
});

describe('hostile names', () => {
  test('are text in HTML, and nothing else', async () => {
    const { body, subject } = await renderReport(await hostile, 'html');
    expect(body).not.toMatch(/<script|<img src=x|onerror="|\u202e|\u0007|\u001b/);
    expect(body).toContain('&lt;script&gt;alert(1)&lt;/<wbr>script&gt;');
    expect(subject).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  test('make no table, link or heading in Markdown', async () => {
    const { body } = await renderReport(await hostile, 'md');
    expect(body).toContain('\\[click\\](https&#58;//evil.example) \\`code\\` \\*\\*bold\\*\\*');
    for (const line of body.split('\n').filter((one) => one.startsWith('|'))) {
      expect(line.replace(/\\./g, '').split('|').length).toBeLessThanOrEqual(6);
    }
  });

  test('are no formulas in a spreadsheet, and break no line of it', async () => {
    const [csv] = (await renderReport(await hostile, 'html')).attachments;
    const text = csv!.content.toString();
    expect(text).toContain(`,"'=cmd|' /C calc'!A0",`.replace(/"/g, ''));
    expect(text).toContain(`,'@SUM(1+1),`);
    expect(text).toContain(`,"| a | b |\n|---|---|",`);
    const header = text.slice(0, text.indexOf('\r\n')).split(',');
    expect(header.slice(0, 5)).toEqual(['cluster', 'namespace', 'service', 'slo', 'owner']);
  });

  test('move no cursor of a terminal', async () => {
    const { body } = await renderReport(await hostile, 'text');
    expect(body.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  });

  test('stand in JSON without loss', async () => {
    const { body } = await renderReport(await hostile, 'json');
    const { slos } = JSON.parse(body) as WeekReport;
    expect(new Set(slos.map(({ slo }) => slo.service.name))).toEqual(new Set(hostileNames));
    expect(body.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});

describe('states', () => {
  test('the subject says whose report it is, and that it was given before', async () => {
    const subject = async (changes: Partial<WeekReport>) => {
      const report = { ...(await madeUpReport()), headline: 'All were kept.', ...changes };
      return (await renderReport(report, 'json')).subject;
    };
    const scope = { kind: 'team', owner: 'team-shop' } as const;
    const revision = { number: 2, changes: ['shop/cart: 3 of 10 bad, before it was 2 of 10.'] };
    expect(await subject({})).toBe('Week 47 of 2026: All were kept.');
    expect(await subject({ scope })).toBe('Week 47 of 2026, team-shop: All were kept.');
    expect(await subject({ scope, revision })).toBe('Week 47 of 2026, team-shop, revision 2: All were kept.');
  });

  test('a report says where it stays, in every format', async () => {
    const report = { ...(await madeUpReport()), page: 'https://meshslo.example' };
    for (const format of ['html', 'text', 'md'] as const) {
      expect((await renderReport(report, format)).body).toContain('https://meshslo.example/reports/2026-W47');
    }
  });

  test('what is quiet is told in a sentence each, below what is not', async () => {
    const quiet = await madeUpReport({ source: { findings: { during: () => [], events: () => [] } } });
    const { sections } = weekDocument({ ...quiet, coverage: { ...quiet.coverage, importedUntil: undefined } });
    const last = sections.at(-1)!;
    expect(last.title).toBe('Also looked at');
    expect(last.blocks).toMatchObject([
      { text: 'No alert fired.' },
      { text: 'Nothing was found wrong with the mesh or its registry.' },
      { text: expect.stringContaining('only a running meshslo with a catalogue') as unknown },
    ]);
    expect(sections.map(({ title }) => title)).toContain('What was not seen');
  });

  test('nobody says that no alert fired in a week that nobody watched', async () => {
    const report = await madeUpReport({
      past: empty,
      prepare: (ledger) => {
        const slots = [batch(week.to - 300, { slotSeconds: 300, events: [] })];
        ledger.import(slots, { origin: 'elsewhere' });
      },
    });
    const { body } = await renderReport(report, 'text');
    expect(report.coverage.importedUntil).toBe(week.to);
    expect(body).toContain('Whether an alert would have fired is not known');
    expect(body).not.toContain('No alert fired');
  });

  test('a week in which nobody need do anything is as it was promised only where all was seen and kept', async () => {
    const whole = await madeUpReport();
    const kept = whole.slos.filter(({ state }) => state === 'met');
    const unseen = whole.slos.filter(({ state }) => state !== 'met' && state !== 'missed');
    const said = (slos: WeekReport['slos'], counts: Partial<WeekReport['counts']>): string => {
      const none = { met: 0, missed: 0, 'no-traffic': 0, 'no-data': 0, insufficient: 0 };
      const report = {
        ...whole,
        attention: [],
        burnEvents: { told: [], smaller: 0 },
        slos,
        counts: { ...none, ...counts },
      };
      return texts(weekDocument(report)).find((text) => text.startsWith('Nothing'))!;
    };
    expect(said(kept.slice(0, 1), { met: 1 })).toBe('Nothing. All is as it was promised.');
    expect(said([kept[0]!, unseen[0]!], { met: 1, 'no-data': 1 })).toBe(
      'Nothing that is known: not every promise can be judged.',
    );
    expect(said(unseen.slice(0, 1), { 'no-data': 1 })).toBe('Nothing that is known: no promise can be judged.');
    expect(said(kept.slice(0, 1), { missed: 1 })).toMatch(/^Nothing new: /);
  });

  test('an SLO that was never seen is named as such, and nothing says that all was observed', async () => {
    const whole = await madeUpReport();
    const { slos } = whole;
    const never = { ...slos[0]!, firstSeen: undefined };
    const coverage = { ...whole.coverage, ratio: 1, partly: [], partlyCount: 0, gaps: [], gapSeconds: 0 };
    const said = texts(weekDocument({ ...whole, coverage, slos: [never, ...slos.slice(1)] }));
    const { service, name } = never.slo;
    expect(said).toContain(`1 SLO was never observed: ${service.namespace}/${service.name} ${name}.`);
    expect(said).not.toContain('All of the time of all SLOs was observed.');
  });

  test('a mail that somebody did not get is no cause of failures', async () => {
    const refused: KeptFinding = {
      kind: 'ReportRefused',
      subject: { way: 'mail', recipient: 'ada@example.com' },
      owner: undefined,
      summary: 'the mail did not reach ada@example.com',
      evidence: {},
      action: 'Mend the recipient.',
      since: undefined,
      id: 'f1',
      firstSeen: week.from,
      lastSeen: week.to,
      resolvedAt: undefined,
    };
    const { burnEvents } = await madeUpReport({ source: { findings: { during: () => [refused], events: () => [] } } });
    expect(burnEvents.told.length).toBeGreaterThan(0);
    expect(burnEvents.told.flatMap(({ findings }) => findings)).toEqual([]);
  });

  test('connections and minutes are not told as requests', async () => {
    const whole = await madeUpReport();
    const one = whole.slos.find(({ slo }) => slo.budgeting.method === 'occurrences')!;
    const of = (indicator: SloWeek['slo']['indicator']): SloWeek => ({ ...one, slo: { ...one.slo, indicator } });
    const connections = of({ kind: 'availability', of: 'connections' });
    expect(requestsOfWeek([connections])).toBeUndefined();
    expect(promiseInWords(connections.slo)).toContain(' % of connections ');
    const minutes = of({ kind: 'latency-windows', thresholdSeconds: 0.5, quantile: 0.99 });
    expect(promiseInWords(minutes.slo)).toContain(' % of minutes with p99 within 500 ms ');
  });

  test('a week without data says so, and nothing else', async () => {
    const report = await madeUpReport({ past: empty });
    expect(report.headline).toBe('Nothing was observed: no promise can be judged.');
    expect(report.counts).toEqual({ met: 0, missed: 0, 'no-traffic': 0, 'no-data': 5, insufficient: 0 });
    const { body } = await renderReport(report, 'text');
    expect(body).not.toMatch(/100 %|NaN|undefined|Infinity/);
    expect(mailFaults((await renderReport(report, 'html')).body)).toEqual([]);
  });

  test('a week that goes on is told as such, until the last whole minute', async () => {
    const report = await madeUpReport({ now: week.from + 60 * hour + 30 });
    expect(report.period).toMatchObject({ isFinished: false, knownUntil: week.from + 60 * hour });
    expect(report.headline).toMatch(/^So far this week: /);
    const { body } = await renderReport(report, 'text');
    expect(body).toContain('The week is not over: figures until Wed 18 November, 12:00.');
  });

  test('more SLOs than a table holds are summed, and attached', async () => {
    const { body, attachments } = await renderReport(await hostile, 'text');
    expect(body).toContain('And 3 more: 3 kept, 0 broken, 0 not judged.');
    expect(attachments.map(({ fileName, contentType }) => [fileName, contentType])).toEqual([
      ['slos-2026-W47.csv', 'text/csv; charset=utf-8'],
    ]);
    expect((await renderReport(await madeUpReport(), 'text')).attachments).toEqual([]);
  });
});
