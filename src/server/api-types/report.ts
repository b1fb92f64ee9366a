/** `GET /api/v1/reports?week=&team=&cursor=`: archived reports of weeks, newest first. */
export interface ReportList {
  readonly reports: readonly ReportEntryView[];
  /** `?cursor=` of the next page; null on the last one. */
  readonly nextCursor: string | null;
  /** Whose weeks these are. */
  readonly timeZone: string;
  /** Weeks that can be asked for, newest first; the first one goes on. At most two years of them. */
  readonly weeks: readonly ReportWeekView[];
  /** Owners that have an SLO now, or have a report of their own, sorted. */
  readonly teams: readonly string[];
}

export interface ReportWeekView {
  /** `2026-W47`; also the id of the organisation's report. */
  readonly week: string;
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

export interface ReportEntryView {
  /** `2026-W47`, `2026-W47.team-shop`, `2026-W47.team-shop~2`: permanent. */
  readonly id: string;
  readonly week: string;
  /** Null for the report of the whole organisation. */
  readonly team: string | null;
  /** 1 for the first report of a week. */
  readonly revision: number;
  readonly subject: string;
  readonly madeSeconds: number;
  readonly letters: LetterCountsView;
}

/** How many recipients stand how. */
export interface LetterCountsView {
  readonly queued: number;
  readonly sent: number;
  readonly refused: number;
}

/** `GET /api/v1/reports/{id}`: a report to look at, archived or made for whoever asks. */
export interface ReportView {
  readonly id: string;
  readonly week: string;
  readonly team: string | null;
  readonly fromSeconds: number;
  readonly toSeconds: number;
  /** Whether the week was over when the report was made. */
  readonly isFinished: boolean;
  /** Null where it is not archived. */
  readonly archived: ReportEntryView | null;
  /** Id of a later revision; null where this is the last. */
  readonly newerId: string | null;
  /** Who was sent it; empty for those who may not change anything. */
  readonly letters: readonly LetterView[];
  /** Owners that have an SLO now, or have a report of their own, sorted. */
  readonly teams: readonly string[];
  /** The weeks before and after, where something is known of them. */
  readonly before: string | null;
  readonly after: string | null;
  readonly document: ReportDocumentView;
}

/** One recipient of a report. */
export interface LetterView {
  readonly way: 'mail' | 'slack' | 'webhook';
  /** An address, or the file that holds it. */
  readonly recipient: string;
  readonly state: 'queued' | 'sent' | 'refused';
  readonly attempts: number;
  /** When it was sent or refused; null while it waits. */
  readonly settledSeconds: number | null;
  /** Why it was refused, or why the last attempt failed. */
  readonly reason: string | null;
}

/** What a report says, in the order in which it is read. All texts are plain. */
export interface ReportDocumentView {
  readonly subject: string;
  readonly overline: string;
  readonly title: string;
  readonly lead: readonly ReportTextView[];
  readonly sections: readonly ReportSectionView[];
  readonly footer: readonly string[];
}

/** How a text is meant. */
export type ReportTone = 'bad' | 'warn' | 'good' | 'faint';

export interface ReportTextView {
  readonly text: string;
  readonly tone: ReportTone | null;
  /** An address of the page. */
  readonly href: string | null;
  /** Said below it, smaller. */
  readonly note: string | null;
}

export interface ReportSectionView {
  readonly title: string;
  readonly blocks: readonly ReportBlockView[];
}

export type ReportBlockView =
  | { readonly kind: 'paragraph'; readonly paragraph: ReportTextView }
  | { readonly kind: 'actions'; readonly actions: readonly ReportActionView[] }
  | { readonly kind: 'table'; readonly table: ReportTableView }
  | { readonly kind: 'picture'; readonly picture: ReportPictureView }
  | { readonly kind: 'entries'; readonly entries: readonly ReportEventView[] };

/** Something to do. */
export interface ReportActionView {
  readonly title: string;
  readonly why: string;
  readonly action: string;
  readonly owner: string;
  readonly href: string | null;
}

export interface ReportTableView {
  readonly caption: string;
  readonly columns: readonly { readonly title: string; readonly align: 'left' | 'right' }[];
  /** The first cell of a row is its head. */
  readonly rows: readonly (readonly ReportTextView[])[];
}

export interface ReportPictureView {
  readonly alt: string;
  /** Of a PNG, twice as fine as it is meant to be shown. */
  readonly url: string;
}

/** Something that happened. */
export interface ReportEventView {
  readonly title: string;
  readonly when: string;
  readonly tone: ReportTone | null;
  readonly href: string | null;
  readonly facts: readonly string[];
}

/**
 * Body of `POST /api/v1/reports`: sends reports of a whole week now. Nobody is sent the same twice; figures that have changed
 * since make a revision. It needs the role of an editor.
 */
export interface SendRequest {
  /** `2026-W47`. */
  readonly week: string;
  /** An owner; left out for the organisation and all teams, null for the organisation alone. */
  readonly team?: string | null;
}

/** Answer to it. */
export interface SentReportList {
  readonly reports: readonly SentReportView[];
}

export interface SentReportView {
  readonly id: string;
  /** `new`: archived just now. `revised`: its figures have changed since it was given. `known`: they have not. */
  readonly is: 'new' | 'revised' | 'known';
  /** Recipients who are sent it because of this request. */
  readonly queued: number;
}
