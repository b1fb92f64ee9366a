import type { Block, Cell, Paragraph, ReportDocument, Section } from './report-document.js';

/** Names come from the network: one of a thousand letters would fill a page. */
const mostOfWord = 80;

/** No sentence that is meant to be read is longer; only names make it so. */
const mostOfText = 900;

/** The document with no word and no text of more than a reader, or a mail, can take. What is cut stands in JSON and CSV. */
export function bounded(document: ReportDocument): ReportDocument {
  const { subject, overline, title, lead, sections, footer } = document;
  return {
    subject: cut(subject),
    overline: cut(overline),
    title: cut(title),
    lead: lead.map(paragraph),
    sections: sections.map(section),
    footer: footer.map(cut),
  };
}

function section({ title, blocks }: Section): Section {
  return { title: cut(title), blocks: blocks.map(block) };
}

function block(one: Block): Block {
  switch (one.kind) {
    case 'paragraph':
      return { kind: 'paragraph', ...paragraph(one) };
    case 'actions':
      return {
        ...one,
        actions: one.actions.map((action) => ({
          ...action,
          title: cut(action.title),
          why: cut(action.why),
          action: cut(action.action),
          owner: cut(action.owner),
        })),
      };
    case 'table':
      return { ...one, table: { ...one.table, rows: one.table.rows.map((row) => row.map(cell)) } };
    case 'picture':
      return { ...one, picture: { ...one.picture, alt: cut(one.picture.alt) } };
    case 'entries':
      return {
        ...one,
        entries: one.entries.map((entry) => ({ ...entry, title: cut(entry.title), facts: entry.facts.map(cut) })),
      };
  }
}

function paragraph(one: Paragraph): Paragraph {
  return { ...one, text: cut(one.text) };
}

function cell(one: Cell): Cell {
  return { ...one, text: cut(one.text), ...(one.note !== undefined && { note: cut(one.note) }) };
}

function cut(text: string): string {
  const words = text.replace(/\S{81,}/gu, (word) => shortened(word, mostOfWord));
  return shortened(words, mostOfText);
}

function shortened(text: string, most: number): string {
  const characters = Array.from(text);
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}
