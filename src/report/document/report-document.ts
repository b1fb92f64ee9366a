/**
 * What a report says, in the order in which it is read, before it has any form. Every format is rendered from this, so that
 * none says more than another. All texts are plain: whoever renders them escapes them.
 */
export interface ReportDocument {
  /** One line: what a mail is called. */
  readonly subject: string;
  /** Whom and which week it is about, above the title. */
  readonly overline: string;
  /** The verdict. */
  readonly title: string;
  readonly lead: readonly Paragraph[];
  readonly sections: readonly Section[];
  readonly footer: readonly string[];
}

/** How a text is meant: as bad, as a warning, as good, or as something to read last. */
export type Tone = 'bad' | 'warn' | 'good' | 'faint';

export interface Paragraph {
  readonly text: string;
  readonly tone?: Tone;
  readonly href?: string;
}

export interface Section {
  readonly title: string;
  readonly blocks: readonly Block[];
}

export type Block =
  | ({ readonly kind: 'paragraph' } & Paragraph)
  | { readonly kind: 'actions'; readonly actions: readonly Action[] }
  | { readonly kind: 'table'; readonly table: Table }
  | { readonly kind: 'picture'; readonly picture: Picture }
  | { readonly kind: 'entries'; readonly entries: readonly Entry[] };

/** Something to do. */
export interface Action {
  readonly title: string;
  readonly why: string;
  readonly action: string;
  readonly owner: string;
  readonly href?: string;
}

export interface Table {
  /** What it lists, for those who hear it instead of seeing it. */
  readonly caption: string;
  /** The first column is the widest, and its cells are the heads of their rows. */
  readonly columns: readonly { readonly title: string; readonly align: 'left' | 'right' }[];
  readonly rows: readonly (readonly Cell[])[];
}

export interface Cell {
  readonly text: string;
  /** Said below it, smaller. */
  readonly note?: string;
  readonly tone?: Tone;
  readonly href?: string;
}

/** A picture that is drawn when it is asked for. */
export interface Picture {
  /** Unique in the document: letters and hyphens. */
  readonly name: string;
  /** Says what the picture says; the formats that have no pictures print it. */
  readonly alt: string;
  readonly svg: () => string;
}

/** Something that happened, with facts of a line each. */
export interface Entry {
  readonly title: string;
  readonly when: string;
  readonly tone?: Tone;
  readonly href?: string;
  readonly facts: readonly string[];
}
