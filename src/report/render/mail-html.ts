import type { Block, Cell, Entry, Paragraph, ReportDocument, Section, Table } from '../document/report-document.js';
import { breakableText, htmlText } from './html-text.js';
import { colors, fonts, headStyle, toneColor } from './mail-style.js';

/** Width that mail clients are built for, in pixels. */
const mailWidth = 600;

const pictureWidth = 552;

/** Said once, and inherited: texts break where they must, a name of eighty letters makes no table wider than a telephone. */
const breaking = 'word-break:break-word;overflow-wrap:anywhere;word-wrap:break-word';

/**
 * The whole report as HTML for mail clients: tables, styles at the elements, pictures by `cid:`, nothing from anywhere else.
 *
 * @param heights of the pictures in pixels, as they are shown, by their names
 */
export function mailHtml(document: ReportDocument, heights: ReadonlyMap<string, number>): string {
  const { overline, title, lead, sections, footer, subject } = document;
  const card = [
    row(text(overline, { tone: 'faint', size: 13, line: 18 }), '28px 24px 0'),
    row(
      `<h1 class="tx h1" style="margin:0;font-size:23px;line-height:30px;font-weight:600;color:${colors.text}">${htmlText(title)}</h1>`,
      '8px 24px 0',
    ),
    ...lead.map((one) => row(paragraph(one), '12px 24px 0')),
    ...sections.map((section) => sectionRows(section, heights)),
    row('', '14px 24px 14px'),
  ];
  const notes = footer.map((one) => row(text(one, { tone: 'faint', size: 12, line: 18 }), '10px 24px 0'));
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no">
<title>${htmlText(subject)}</title>
<style>
${headStyle}
</style>
<!--[if mso]><style>* { font-family: 'Segoe UI', Arial, sans-serif !important; }</style><![endif]-->
</head>
<body class="pg" style="margin:0;padding:0;background-color:${colors.page}">
<table role="presentation" class="pg" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="${colors.page}" style="background-color:${colors.page};font-family:${fonts};${breaking}">
<tr><td class="edge" align="center" style="padding:24px 8px">
<!--[if mso]><table role="presentation" width="${mailWidth}" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->
<table role="presentation" class="cd" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="${colors.card}" style="width:100%;max-width:${mailWidth}px;background-color:${colors.card};border-radius:8px;text-align:left">
${card.join('\n')}
</table>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="width:100%;max-width:${mailWidth}px;text-align:left">
${notes.join('\n')}
</table>
<!--[if mso]></td></tr></table><![endif]-->
</td></tr>
</table>
</body>
</html>
`;
}

function sectionRows({ title, blocks }: Section, heights: ReadonlyMap<string, number>): string {
  const head = `<h2 class="tx" style="margin:0;font-size:17px;line-height:24px;font-weight:600;color:${colors.text}">${htmlText(title)}</h2>`;
  return [
    row(line(), '26px 24px 0'),
    row(head, '20px 24px 0'),
    ...blocks.map((block) => row(blockHtml(block, heights), '10px 24px 0')),
  ].join('\n');
}

function blockHtml(block: Block, heights: ReadonlyMap<string, number>): string {
  switch (block.kind) {
    case 'paragraph':
      return paragraph(block);
    case 'table':
      return tableHtml(block.table);
    case 'picture': {
      const { name, alt } = block.picture;
      const style = `display:block;width:100%;max-width:${pictureWidth}px;height:auto;border:0`;
      return `<img src="cid:${htmlText(name)}" width="${pictureWidth}" height="${heights.get(name) ?? 0}" alt="${htmlText(alt)}" style="${style}">`;
    }
    case 'actions':
      return boxes(
        block.actions.map(({ title, why, action, owner, href }, index) =>
          [
            text(`${index + 1}. ${title}`, { bold: true, ...(href !== undefined && { href }) }),
            text(why, { tone: 'faint', size: 14, line: 20, top: 3 }),
            text(action, { size: 14, line: 20, top: 6, lead: 'Do:' }),
            text(owner, { size: 14, line: 20, top: 3, lead: 'Whose:' }),
          ].join(''),
        ),
      );
    case 'entries':
      return boxes(block.entries.map(entryHtml));
  }
}

function entryHtml({ title, when, tone, href, facts }: Entry): string {
  return [
    text(title, { bold: true, ...(tone && { tone }), ...(href !== undefined && { href }) }),
    text(when, { size: 14, line: 20, top: 1 }),
    ...facts.map((fact) => text(fact, { tone: 'faint', size: 14, line: 20, top: 4 })),
  ].join('');
}

/** Boxes below each other, each on its own ground. */
function boxes(contents: readonly string[]): string {
  const cells = contents.map(
    (content) =>
      `<tr><td class="bx" bgcolor="${colors.box}" style="padding:12px 14px;background-color:${colors.box};border-radius:6px">${content}</td></tr>`,
  );
  const between = '<tr><td height="8" style="height:8px;font-size:1px;line-height:8px">&nbsp;</td></tr>';
  return layout(cells.join(between));
}

function tableHtml({ caption, columns, rows }: Table): string {
  const head = columns.map(
    ({ title, align }, index) =>
      `<th scope="col" class="ft ln${index > 0 ? ' num' : ''}" align="${align}" style="padding:0 0 6px ${index > 0 ? 14 : 0}px;border-bottom:1px solid ${colors.line};font-size:12px;line-height:16px;font-weight:400;color:${colors.faint};text-align:${align};white-space:nowrap">${htmlText(title)}</th>`,
  );
  const body = rows.map((cells, row) => {
    const border = row === rows.length - 1 ? '' : `border-bottom:1px solid ${colors.line}`;
    return `<tr>${cells.map((cell, index) => cellHtml(cell, columns[index]!.align, index === 0, border)).join('')}</tr>`;
  });
  return `<table width="100%" cellpadding="0" cellspacing="0" border="0" aria-label="${htmlText(caption)}" style="width:100%;border-collapse:collapse"><tr>${head.join('')}</tr>${body.join('')}</table>`;
}

function cellHtml(cell: Cell, align: 'left' | 'right', isHead: boolean, border: string): string {
  const tag = isHead ? 'th scope="row"' : 'td';
  const style = [
    `padding:7px 0 7px ${isHead ? 0 : 14}px`,
    ...(border === '' ? [] : [border]),
    `text-align:${align}`,
    'vertical-align:top',
    'font-weight:400',
    ...(isHead ? [] : ['white-space:nowrap']),
  ].join(';');
  const note =
    cell.note === undefined
      ? ''
      : text(cell.note, { tone: 'faint', size: 12, line: 16, ...(isHead ? {} : { wrap: true }) });
  const content = text(cell.text, {
    size: 14,
    line: 20,
    ...(cell.tone && { tone: cell.tone }),
    ...(cell.href !== undefined && { href: cell.href }),
  });
  return `<${tag} class="ln${isHead ? '' : ' num'}" align="${align}" valign="top" style="${style}">${content}${note}</${isHead ? 'th' : 'td'}>`;
}

interface TextStyle {
  readonly tone?: Paragraph['tone'];
  readonly size?: number;
  readonly line?: number;
  readonly top?: number;
  readonly bold?: boolean;
  readonly href?: string;
  /** A word in front of it that says what it is. */
  readonly lead?: string;
  readonly wrap?: boolean;
}

/** A paragraph: every client agrees on `p` with its margin set. */
function text(
  content: string,
  { tone, size = 15, line: height = 22, top = 0, bold = false, href, lead, wrap }: TextStyle = {},
): string {
  const [className, color] = toneColor(tone);
  const weight = bold ? ';font-weight:600' : '';
  const white = wrap ? ';white-space:normal' : '';
  const style = `margin:${top}px 0 0;font-size:${size}px;line-height:${height}px;color:${color}${weight}${white}`;
  const front = lead === undefined ? '' : `<b>${htmlText(lead)}</b> `;
  return `<p class="${className}" style="${style}">${front}${linked(content, href, tone)}</p>`;
}

function linked(content: string, href: string | undefined, tone: Paragraph['tone']): string {
  if (href === undefined) return breakableText(content);
  const [className, color] = tone === undefined ? (['lk', colors.link] as const) : toneColor(tone);
  return `<a class="${className}" href="${htmlText(href)}" style="color:${color};text-decoration:underline">${breakableText(content)}</a>`;
}

function paragraph({ text: content, tone, href }: Paragraph): string {
  return text(content, {
    ...(tone && { tone }),
    ...(href !== undefined && { href }),
    ...(tone === 'faint' && { size: 14, line: 20 }),
  });
}

function line(): string {
  return layout(
    `<tr><td class="ln" height="1" style="height:1px;font-size:1px;line-height:1px;border-top:1px solid ${colors.line}">&nbsp;</td></tr>`,
  );
}

function layout(rows: string): string {
  return `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="width:100%">${rows}</table>`;
}

function row(content: string, padding: string): string {
  return `<tr><td class="pad" style="padding:${padding}">${content}</td></tr>`;
}
