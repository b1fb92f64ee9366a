import { afterAll, beforeAll, expect, test } from '@jest/globals';
import PostalMime from 'postal-mime';
import { sloId } from '../../../src/domain/slo.js';
import { composeMail } from '../../../src/report/delivery/compose-mail.js';
import { mailOf } from '../../../src/report/delivery/report-mail.js';
import { SmtpTransport } from '../../../src/report/delivery/smtp-transport.js';
import { promiseCounts } from '../../../src/report/headline.js';
import { worstFirst } from '../../../src/report/order-of-slos.js';
import { mailFaults } from '../../../src/report/render/mail-lint.js';
import { teamsOfWeek } from '../../../src/report/teams-of-week.js';
import type { WeekReport } from '../../../src/report/week-report.js';
import { madeUpReport } from '../made-up-report.js';
import { mondayAtEight, settings } from './made-up-report.js';
import { RudeSmtpServer } from './rude-smtp-server.js';

let server: RudeSmtpServer;
beforeAll(async () => {
  server = await RudeSmtpServer.start();
});
afterAll(() => server.close());

const services = 10_000;

/** The report of a made-up week, had it been one of so many services in 50 teams. */
async function largeReport(): Promise<WeekReport> {
  const report = await madeUpReport();
  const slos = worstFirst(
    Array.from({ length: services }, (_, number) => {
      const one = report.slos[number % report.slos.length]!;
      const service = { ...one.slo.service, name: `${one.slo.service.name}-${number}` };
      const slo = { ...one.slo, service, owner: `team-${number % 50}` };
      return { ...one, id: sloId(slo), slo };
    }),
  );
  const counts = promiseCounts(slos.map(({ state }) => state));
  return { ...report, slos, counts, teams: teamsOfWeek(slos), burnEvents: { told: [], smaller: 400 } };
}

test('ten thousand services are one mail that people read and that servers take: the worst in it, all of them attached', async () => {
  const mail = await mailOf(await largeReport());
  const { transport, from } = settings(server.port).mail!;
  const to = { name: undefined, address: 'ada@example.com' };
  const messageId = '<large@example.com>';
  const bytes = await composeMail(mail, { messageId, from, replyTo: undefined, to, date: mondayAtEight });
  const smtp = new SmtpTransport(transport as ConstructorParameters<typeof SmtpTransport>[0], {});
  expect(await smtp.send({ messageId, from: from.address, to: to.address, bytes })).toEqual({ kind: 'sent' });
  smtp.close();
  // Many servers take 10 MB and no more.
  expect(bytes.length).toBeLessThan(6_000_000);

  const { html, text, attachments } = await PostalMime.parse(server.mails[0]!.text);
  expect(mailFaults(html!)).toEqual([]);
  expect(text).toMatch(/And 9,990\s+more: [\d,]+ kept, [\d,]+ broken, [\d,]+ not judged\./);
  expect(text).toContain('And 30 more teams.');
  expect(Buffer.byteLength(text!)).toBeLessThan(20_000);
  const csv = attachments.find(({ filename }) => filename === 'slos-2026-W47.csv')!;
  const lines = Buffer.from(csv.content as ArrayBuffer)
    .toString()
    .split('\r\n');
  expect(lines).toHaveLength(1 + services + 1);
  expect(new Set(lines.slice(1, -1).map((line) => line.split(',')[2])).size).toBe(services);
});
