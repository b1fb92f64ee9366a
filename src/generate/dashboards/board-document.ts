import type { Board } from '../../domain/board.js';
import { classicBoard } from './classic-board.js';

/** A dashboard as a document of its own, to be written, posted or provisioned. */
export interface BoardDocument {
  readonly uid: string;
  readonly title: string;
  /** JSON with a line end; the same board gives the same bytes. */
  readonly json: string;
}

/** The board in the classic schema, which Grafana 11 to 13 take. */
export function boardDocument(board: Board): BoardDocument {
  const { uid, title } = board;
  return { uid, title, json: `${JSON.stringify(classicBoard(board), undefined, 1)}\n` };
}
