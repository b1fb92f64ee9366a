import type { ReportDocument, Section } from '../document/report-document.js';
import { mostMailBytes } from './mail-lint.js';

/** Sections that are never left out: the verdict's neighbours, which are short by themselves. */
const alwaysTold = 3;

/**
 * The document as HTML that mail clients show whole: where it is too long, its longest sections are left out, and that is
 * said in their place.
 */
export function fittingMail(document: ReportDocument, html: (document: ReportDocument) => string): string {
  const body = html(document);
  if (Buffer.byteLength(body) <= mostMailBytes) return body;
  const lengths = document.sections.map((section, position) =>
    position < alwaysTold || isLeftOut(section) ? 0 : JSON.stringify(section).length,
  );
  const longest = Math.max(...lengths);
  if (longest === 0) return body;
  const sections = document.sections.map((section, position) =>
    position === lengths.indexOf(longest) ? leftOut(section) : section,
  );
  return fittingMail({ ...document, sections }, html);
}

const leftOutText = 'Left out: mail clients would cut the report off here. The plain text and meshslo report have it.';

function leftOut({ title }: Section): Section {
  return { title, blocks: [{ kind: 'paragraph', text: leftOutText, tone: 'faint' }] };
}

function isLeftOut({ blocks }: Section): boolean {
  return blocks.some((block) => block.kind === 'paragraph' && block.text === leftOutText);
}
