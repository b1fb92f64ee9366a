import type { Board } from '../../domain/board.js';
import { classicBoard } from './classic-board.js';
import { resourceBoard } from './resource-board.js';

/** A dashboard as a document of its own, to be written, posted or provisioned. */
export interface BoardDocument {
  readonly uid: string;
  readonly title: string;
  /** JSON with a line end; the same board gives the same bytes. Written anew at every reading where there may be thousands. */
  readonly json: string;
}

/** `classic` is what Grafana 11 to 13 take; `v2` what Grafana 13 keeps, as a resource. */
export type BoardSchema = 'classic' | 'v2';

/** The board as a document of a schema. */
export function boardDocument(board: Board, schema: BoardSchema = 'classic'): BoardDocument {
  const { uid, title } = board;
  return {
    uid,
    title,
    json: `${JSON.stringify(schema === 'classic' ? classicBoard(board) : resourceBoard(board), undefined, 1)}\n`,
  };
}
