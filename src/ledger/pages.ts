import type { EpochSeconds } from '../domain/clock.js';
import type { Database } from './database.js';
import type { Hour } from './hour.js';
import { HourColumns, slosPerPage } from './hour-columns.js';

/** Key of a page's row; the hours of one page stand side by side on disk. */
export function pageId(page: number, hour: EpochSeconds): number {
  return page * 2 ** 24 + hour / 3600;
}

/** A closed hour from its pages. */
export function loadPages(database: Database, { start, cellSeconds }: Hour): HourColumns {
  const pages: Buffer[] = [];
  for (;;) {
    const row = database.row('SELECT cells FROM page WHERE id = ?', pageId(pages.length, start));
    if (!row) break;
    pages.push(row[0] as Buffer);
  }
  const columns = new HourColumns(pages.length * slosPerPage, cellSeconds);
  pages.forEach((bytes, page) => columns.unpackPage(page, bytes));
  return columns;
}

export function writePages(database: Database, start: EpochSeconds, columns: HourColumns): void {
  for (let page = 0; page < columns.pages; page++) {
    database.run('INSERT OR REPLACE INTO page VALUES (?, ?)', pageId(page, start), columns.packPage(page));
  }
}

export function dropPages(database: Database, start: EpochSeconds): void {
  for (let page = 0; ; page++) {
    const id = pageId(page, start);
    if (!database.row('SELECT 1 FROM page WHERE id = ?', id)) return;
    database.run('DELETE FROM page WHERE id = ?', id);
  }
}
