import { expect, test } from '@jest/globals';
import type { ReportDocument, Section } from '../../../src/report/document/report-document.js';
import { fittingMail } from '../../../src/report/render/fitting-mail.js';
import { mailHtml } from '../../../src/report/render/mail-html.js';

const section = (title: string, paragraphs: number): Section => ({
  title,
  blocks: Array.from({ length: paragraphs }, () => ({ kind: 'paragraph', text: `${title} ${'word '.repeat(40)}` })),
});

const document = (sections: readonly Section[]): ReportDocument => ({
  subject: 'subject',
  overline: 'overline',
  title: 'title',
  lead: [],
  sections,
  footer: [],
});

const html = (one: ReportDocument): string => mailHtml(one, new Map());

test('a report that mail clients show whole is left as it is', () => {
  const short = document([section('a', 1), section('b', 1), section('c', 1), section('d', 20)]);
  expect(fittingMail(short, html)).toBe(html(short));
});

test('of one that is too long, the longest sections go until it fits, and that is said', () => {
  const long = document(
    ['a', 'b', 'c', 'd', 'e', 'f'].map((title, index) => section(title, index < 3 ? 1 : 100 + index)),
  );
  const mail = fittingMail(long, html);
  expect(Buffer.byteLength(html(long))).toBeGreaterThan(102_400);
  expect(Buffer.byteLength(mail)).toBeLessThanOrEqual(102_400);
  expect(mail.match(/Left out: mail clients/g)).toHaveLength(1);
  expect(mail).toMatch(/>f<\/h2>.*Left out/s);
  expect(mail).toContain('d word word');
});
