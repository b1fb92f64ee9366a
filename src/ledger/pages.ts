import type { EpochSeconds } from '../domain/clock.js';
import type { Database } from './database.js';
import { type Hour, importedCells } from './hour.js';
import { HourColumns, slosPerPage } from './hour-columns.js';

/** Key of a page's row; the hours of one page stand side by side on disk. */
export function pageId(page: number, hour: EpochSeconds): number {
  return page * 2 ** 24 + hour / 3600;
}

/** A closed hour from its pages. */
export function loadPages(database: Database, hour: Hour): HourColumns {
  const { start, cellSeconds } = hour;
  const pages: Buffer[] = [];
  for (;;) {
    const row = database.row('SELECT cells FROM page WHERE id = ?', pageId(pages.length, start));
    if (!row) break;
    pages.push(row[0] as Buffer);
  }
  const columns = new HourColumns(pages.length * slosPerPage, cellSeconds);
  const isImported = importedCells(hour, cellSeconds);
  pages.forEach((bytes, page) => columns.unpackPage(page, bytes, isImported));
  return columns;
}

/** @param hour with the minutes that the columns were made of */
export function writePages(database: Database, hour: Pick<Hour, 'start' | 'minutes'>, columns: HourColumns): void {
  const isImported = importedCells(hour, columns.cellSeconds);
  for (let page = 0; page < columns.pages; page++) {
    database.run(
      'INSERT OR REPLACE INTO page VALUES (?, ?)',
      pageId(page, hour.start),
      columns.packPage(page, isImported),
    );
  }
}

export function dropPages(database: Database, start: EpochSeconds): void {
  for (let page = 0; ; page++) {
    const id = pageId(page, start);
    if (!database.row('SELECT 1 FROM page WHERE id = ?', id)) return;
    database.run('DELETE FROM page WHERE id = ?', id);
  }
}
