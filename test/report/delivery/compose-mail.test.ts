import { expect, test } from '@jest/globals';
import PostalMime from 'postal-mime';
import { composeMail, type MailEnvelope } from '../../../src/report/delivery/compose-mail.js';
import type { ReportMail } from '../../../src/report/delivery/report-mail.js';

const png = Buffer.from('89504e470d0a1a0a00', 'hex').toString('base64');
const mail: ReportMail = {
  subject: 'Week 47: 3 of 41 promises broken – Zürich',
  html: '<p>Überall <img src="cid:budget" alt="how the budget went"></p>',
  text: 'Überall\n'.repeat(3) + '.\n' + 'x'.repeat(1200),
  images: [{ fileName: 'budget.png', contentType: 'image/png', cid: 'budget', base64: png }],
  attachments: [
    {
      fileName: 'services.csv',
      contentType: 'text/csv; charset=utf-8',
      base64: Buffer.from('a,b\n').toString('base64'),
    },
  ],
};
const envelope: MailEnvelope = {
  messageId: '<abc@example.com>',
  from: { name: 'meshslo, the watcher', address: 'slo@example.com' },
  replyTo: { name: undefined, address: 'platform@example.com' },
  to: { name: 'Ada "the" Example', address: 'ada@example.com' },
  date: Date.UTC(2026, 10, 23, 7) / 1000,
};

test('a mail reads back as it was meant: both alternatives, the image inline, the file attached', async () => {
  const read = await PostalMime.parse(await composeMail(mail, envelope));
  expect(read).toMatchObject({
    messageId: '<abc@example.com>',
    from: { name: 'meshslo, the watcher', address: 'slo@example.com' },
    replyTo: [{ address: 'platform@example.com' }],
    to: [{ name: 'Ada "the" Example', address: 'ada@example.com' }],
    subject: mail.subject,
    date: '2026-11-23T07:00:00.000Z',
  });
  expect(read.html!.trim()).toBe(mail.html);
  expect(read.text!.trim().replaceAll('\r\n', '\n')).toBe(mail.text);
  const header = (name: string) => read.headers.find(({ key }) => key === name)?.value;
  expect(header('auto-submitted')).toBe('auto-generated');
  expect(header('content-type')).toContain('multipart/mixed');
  expect(read.attachments).toMatchObject([
    { contentId: '<budget>', disposition: 'inline', related: true, mimeType: 'image/png' },
    { filename: 'services.csv', disposition: 'attachment', mimeType: 'text/csv' },
  ]);
  expect(Buffer.from(read.attachments[0]!.content as ArrayBuffer).toString('base64')).toBe(png);
});

test('the same mail is the same bytes, so that a second copy is one', async () => {
  expect((await composeMail(mail, envelope)).equals(await composeMail(mail, envelope))).toBe(true);
});

test('no line is longer than mail allows, and all are ASCII', async () => {
  const lines = (await composeMail(mail, envelope)).toString('latin1').split('\r\n');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(998);
  expect(lines.join('')).toMatch(/^[\x20-\x7e\t]*$/);
});

test.each([
  ['subject', 'Week 47\r\nBcc: everybody@example.com'],
  ['subject', 'Week 47\nContent-Type: text/html\n\n<script>'],
  ['name', 'Ada\r\nBcc: everybody@example.com'],
  ['name', 'Ada <x@evil.example>, Eve'],
  ['file', 'a.csv"\r\nX-Evil: 1'],
])('a %s like %j begins no header and names nobody else', async (where, text) => {
  const read = await PostalMime.parse(
    await composeMail(
      {
        ...mail,
        ...(where === 'subject' && { subject: text }),
        ...(where === 'file' && { attachments: [{ ...mail.attachments[0]!, fileName: text }] }),
      },
      { ...envelope, ...(where === 'name' && { to: { name: text, address: 'ada@example.com' } }) },
    ),
  );
  expect(read.bcc).toBeUndefined();
  expect(read.to).toHaveLength(1);
  expect(read.to![0]).toMatchObject({ address: 'ada@example.com' });
  expect(read.headers.map(({ key }) => key)).not.toContain('x-evil');
  expect(read.html!.trim()).toBe(mail.html);
});
