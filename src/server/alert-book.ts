import type { AlertEpisode, AlertMark } from '../domain/alert.js';
import type { AlertQuery } from '../ledger/alert-query.js';
import type { AlertPage, MarkKind } from '../ledger/alert-store.js';

/** The alerts that fire and their history, as the server reads it and notes what people say. */
export interface AlertBook {
  /** Everything that fires now, with the texts of now. */
  ongoing(): readonly AlertEpisode[];
  /** @throws Failure `bad-arguments` for a cursor that no page has given */
  find(query: AlertQuery): AlertPage;
  /** Undefined where there is none of this id. */
  get(id: string): AlertEpisode | undefined;
  /**
   * Notes what a person says of an episode; undefined takes it back.
   *
   * @throws Failure `not-found`, `disk-full`
   */
  mark(id: string, kind: MarkKind, mark: AlertMark | undefined): AlertEpisode;
}
