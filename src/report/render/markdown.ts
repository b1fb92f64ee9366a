import { visible } from '../../documents/visible.js';
import type { Block, Cell, ReportDocument, Section, Table } from '../document/report-document.js';

/** The whole report as Markdown, as GitHub reads it. */
export function markdown({ overline, title, lead, sections, footer }: ReportDocument): string {
  const parts = [
    `# ${md(title)}`,
    md(overline),
    ...lead.map((one) => (one.tone === 'warn' ? `**${linked(one)}**` : linked(one))),
    ...sections.map(sectionText),
    '---',
    ...footer.map(md),
  ];
  return `${parts.join('\n\n')}\n`;
}

function sectionText({ title, blocks }: Section): string {
  return [`## ${md(title)}`, ...blocks.map(blockText)].join('\n\n');
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return linked(block);
    case 'picture':
      return `> ${md(block.picture.alt)}`;
    case 'table':
      return tableText(block.table);
    case 'actions':
      return block.actions
        .map(({ title, why, action, owner, href }, index) =>
          [
            `${index + 1}. **${linked({ text: title, ...(href !== undefined && { href }) })}**`,
            `   ${md(why)}`,
            `   *Do:* ${md(action)}`,
            `   *Whose:* ${md(owner)}`,
          ].join('  \n'),
        )
        .join('\n');
    case 'entries':
      return block.entries
        .map(({ title, when, href, facts }) =>
          [
            `- **${linked({ text: title, ...(href !== undefined && { href }) })}**, ${md(when)}`,
            ...facts.map((fact) => `  - ${md(fact)}`),
          ].join('\n'),
        )
        .join('\n');
  }
}

function tableText({ columns, rows }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(columns.map(({ title }) => md(title))),
    line(columns.map(({ align }) => (align === 'right' ? '---:' : '---'))),
    ...rows.map((row) => line(row.map(cellText))),
  ].join('\n');
}

function cellText(cell: Cell): string {
  const text = cell.tone === 'bad' ? `**${linked(cell)}**` : linked(cell);
  return cell.note === undefined ? text : `${text}<br>${md(cell.note)}`;
}

function linked({ text, href }: { readonly text: string; readonly href?: string }): string {
  return href === undefined ? md(text) : `[${md(text)}](<${href.replace(/[<>\s]/g, encodeURIComponent)}>)`;
}

/** One line of text of others: nothing in it is markup, a link, a mention, or the end of a cell. */
function md(text: string): string {
  return visible(text)
    .replace(/[\\`*_{}[\]<>|~#&]/g, '\\$&')
    .replace(/:\/\//g, '&#58;//')
    .replace(/\bwww\./gi, (www) => `${www.slice(0, 3)}&#46;`)
    .replace(/@/g, '&#64;')
    .replace(/^(\s*)([-+=])/, '$1\\$2')
    .replace(/^(\s*\d+)([.)])/, '$1\\$2');
}
