import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sloId } from '../../src/domain/slo.js';
import { Ledger } from '../../src/ledger/ledger.js';
import { mailOf } from '../../src/report/delivery/report-mail.js';
import { ReportDesk } from '../../src/report/delivery/report-desk.js';
import { ReportShelf } from '../../src/report/report-shelf.js';
import { readWeek } from '../../src/report/week-book.js';
import type { ReportOffice } from '../../src/server/report-routes.js';
import { batch, slo } from '../ledger/support.js';
import { settings, to } from '../report/delivery/made-up-report.js';

/** 2026-11-18T12:00:00Z, a Wednesday in week 47. */
export const wednesday = Date.UTC(2026, 10, 18, 12) / 1000;

/** Services of two teams; one of them broke its promise on that Wednesday. */
const cart = slo('cart', { owner: 'team-shop' });
const payments = slo('payments', { owner: 'team-pay' });

/** Nobody has ever made a report, and nothing is known to make one of. */
export const noReports: ReportOffice = {
  shelf: new ReportShelf({
    store: {
      get: () => undefined,
      latest: () => undefined,
      find: () => ({ reports: [], next: undefined }),
      scopes: () => [],
    } as never,
    readWeek: () => Promise.reject(new Error('nobody asks')),
    timeZone: () => 'UTC',
    knownSince: () => undefined,
    owners: () => [],
    clock: { now: () => wednesday },
  }),
  desk: { send: () => Promise.resolve([]) },
};

/** Reports of a small ledger of its own, on the Tuesday after week 47; closed by whoever opens it. */
export class SmallOffice implements ReportOffice {
  now = wednesday + 6 * 86_400;
  readonly ledger: Ledger;
  readonly shelf: ReportShelf;
  readonly desk: ReportDesk;
  readonly #folder = mkdtempSync(join(tmpdir(), 'meshslo-office-'));

  constructor() {
    this.ledger = Ledger.open(join(this.#folder, 'ledger.db'));
    const slos = [cart, payments];
    this.ledger.declare(slos, wednesday - 3600);
    for (let minute = -60; minute < 60; minute += 5) {
      this.ledger.commit(
        batch(wednesday + minute * 60, {
          slotSeconds: 300,
          events: slos.map((one) => ({
            slo: sloId(one),
            total: 5000,
            bad: one === cart && minute > 0 ? 1500 : 0,
            coverage: 1,
          })),
        }),
      );
    }
    const store = this.ledger.reports;
    const source = { ledger: this.ledger, slos, findings: undefined, catalog: undefined, corrections: undefined };
    const read: ConstructorParameters<typeof ReportShelf>[0]['readWeek'] = (week, timeZone) =>
      readWeek({ ...source, page: 'https://meshslo.example', now: this.now }, week, timeZone);
    const clock = { now: () => this.now };
    const knownSince = () => this.ledger.extent()?.from;
    this.shelf = new ReportShelf({
      store,
      readWeek: read,
      timeZone: () => 'Europe/Berlin',
      knownSince,
      owners: () => ['team-pay', 'team-shop'],
      clock,
    });
    this.desk = new ReportDesk({
      store,
      courier: { wake: () => undefined },
      settings: () => settings(1, { teams: [{ owner: 'team-shop', ...to('shop@example.com') }] }),
      readWeek: read,
      mailOf,
      knownSince,
      clock,
      onFailure: () => undefined,
      onArchived: () => undefined,
      onBug: (error) => {
        throw error;
      },
    });
  }

  /** Names of the archived reports. */
  get archived(): readonly string[] {
    return this.shelf.find({ limit: 99 }).reports.map(({ id }) => id);
  }

  close(): void {
    this.ledger.close();
    rmSync(this.#folder, { recursive: true });
  }
}
