import { visible } from '../../documents/visible.js';
import type { Block, Cell, Paragraph, ReportDocument, Section, Table } from '../document/report-document.js';

const width = 80;

/** The whole report as text of 80 columns. */
export function plainText({ overline, title, lead, sections, footer }: ReportDocument): string {
  const parts = [
    wrapped(overline).join('\n'),
    wrapped(title).join('\n'),
    ...lead.map(paragraphText),
    ...sections.map(sectionText),
    '-'.repeat(width),
    ...footer.map((text) => wrapped(text).join('\n')),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function sectionText({ title, blocks }: Section): string {
  const head = title.toUpperCase();
  return [`${head}\n${'='.repeat(head.length)}`, ...blocks.map(blockText)].join('\n\n');
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return paragraphText(block);
    case 'picture':
      return wrapped(block.picture.alt, '  ').join('\n');
    case 'table':
      return tableText(block.table);
    case 'actions':
      return block.actions
        .map(({ title, why, action, owner, href }, index) =>
          [
            ...hanging(`${index + 1}. `, title),
            ...wrapped(why, '   '),
            ...hanging('   Do:    ', action),
            ...hanging('   Whose: ', owner),
            ...(href === undefined ? [] : [`   ${visible(href)}`]),
          ].join('\n'),
        )
        .join('\n\n');
    case 'entries':
      return block.entries
        .map(({ title, when, facts }) =>
          [...wrapped(title), ...wrapped(when, '  '), ...facts.flatMap((fact) => hanging('  - ', fact))].join('\n'),
        )
        .join('\n\n');
  }
}

function paragraphText({ text, href }: Paragraph): string {
  return [...wrapped(href === undefined ? text : `${text}:`), ...(href === undefined ? [] : [visible(href)])].join(
    '\n',
  );
}

const gap = 2;

/** Columns as wide as what they hold; the first one takes what is left and is wrapped. Notes of others stand in brackets. */
function tableText({ columns, rows }: Table): string {
  const cells = rows.map((row) => row.map((cell, column) => (column === 0 ? visible(cell.text) : cellText(cell))));
  const titles = columns.map(({ title }) => title);
  const widths = columns.map((_, column) =>
    Math.max(...[titles, ...cells].map((row) => Array.from(row[column] ?? '').length)),
  );
  const others = widths.slice(1).reduce((sum, one) => sum + one + gap, 0);
  widths[0] = Math.max(16, Math.min(widths[0]!, width - others));
  const noteWidth = Math.max(widths[0], 40);
  const line = (row: readonly string[]): string =>
    row
      .map((text, column) =>
        columns[column]!.align === 'right' ? text.padStart(widths[column]!) : text.padEnd(widths[column]!),
      )
      .join(' '.repeat(gap))
      .trimEnd();
  const lines = cells.flatMap((row, index) => {
    const [first, ...more] = chunks(row[0]!, widths[0]!);
    const note = rows[index]![0]!.note;
    return [
      line([first ?? '', ...row.slice(1)]),
      ...more,
      ...(note === undefined ? [] : chunks(visible(note), noteWidth).map((text) => `  ${text}`)),
    ];
  });
  return [
    line(titles),
    '-'.repeat(
      Math.min(
        width,
        widths.reduce((sum, one) => sum + one + gap, -gap),
      ),
    ),
    ...lines,
  ].join('\n');
}

function cellText({ text, note }: Cell): string {
  return visible(note === undefined ? text : `${text} (${note})`);
}

/** The text behind a head, further lines below its beginning. */
function hanging(head: string, text: string): readonly string[] {
  const indent = ' '.repeat(head.length);
  return chunks(visible(text), width - head.length).map((line, index) => `${index === 0 ? head : indent}${line}`);
}

function wrapped(text: string, indent = ''): readonly string[] {
  return chunks(visible(text), width - indent.length).map((line) => indent + line);
}

/** Lines of at most so many characters, broken at spaces; a word that is longer is cut. */
function chunks(text: string, most: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  // A unit stays with its number.
  const glued = text.replace(/(\d) (%|ms|s|h|d|min)(?![\w])/g, '$1\u00a0$2');
  for (const word of glued.split(' ').flatMap((one) => pieces(one, most))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (Array.from(longer).length <= most) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line].map((one) => one.replaceAll('\u00a0', ' '));
}

function pieces(word: string, most: number): readonly string[] {
  const characters = Array.from(word);
  if (characters.length <= most) return [word];
  return Array.from({ length: Math.ceil(characters.length / most) }, (_, part) =>
    characters.slice(part * most, (part + 1) * most).join(''),
  );
}
