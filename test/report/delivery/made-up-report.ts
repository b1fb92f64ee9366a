import type { ReportDestination, ReportSettings } from '../../../src/config/reports.js';
import type { ReportMail } from '../../../src/report/delivery/report-mail.js';
import type { WeekReport } from '../../../src/report/week-report.js';

/** 2026-11-23T07:00:00Z: Monday at eight in Berlin, when the report of week 47 is due. */
export const mondayAtEight = Date.UTC(2026, 10, 23, 7) / 1000;

export const week47 = { year: 2026, week: 47 };

/** As little of a report as delivery looks at. */
export function madeUpReport(changes: Partial<WeekReport> = {}): WeekReport {
  const report: Pick<WeekReport, 'headline' | 'attention' | 'slos' | 'corrections' | 'revision' | 'scope'> = {
    scope: { kind: 'organisation' },
    headline: '3 of 41 promises were broken',
    attention: [],
    slos: [],
    corrections: undefined,
    revision: undefined,
  };
  return { ...report, ...changes } as WeekReport;
}

export function madeUpMail(subject = 'Week 47'): ReportMail {
  return { subject, html: `<p>${subject}</p>`, text: subject, images: [], attachments: [] };
}

export function to(...addresses: readonly string[]): ReportDestination {
  return { addresses: addresses.map((address) => ({ name: undefined, address })), slack: [], webhooks: [] };
}

/** SMTP without encryption to a port of this machine. */
export function settings(port: number, changes: Partial<ReportSettings> = {}): ReportSettings {
  return {
    timeZone: 'Europe/Berlin',
    schedule: { weekday: 1, minute: 480 },
    mail: {
      from: { name: 'meshslo', address: 'slo@example.com' },
      replyTo: undefined,
      transport: {
        kind: 'smtp',
        host: '127.0.0.1',
        port,
        encryption: 'none',
        login: undefined,
        caFile: undefined,
        serverName: undefined,
        timeoutSeconds: 60,
        connections: 2,
      },
    },
    organisation: to('ada@example.com', 'bob@example.com'),
    teams: [],
    fallback: to(),
    ...changes,
  };
}
