import { encodedPart } from '../../domain/well-formed.js';
import type { PreviewView } from './fill-variables.js';

/** Where a link of a board leads from the preview: to its own page of a board, for the time that is shown. Undefined for what is no address of pages. */
export function boardHref(
  url: string,
  { range, chosen }: PreviewView,
  labels: Readonly<Record<string, string>> = {},
): string | undefined {
  const filled = url
    .replaceAll(/\$\{__data\.fields\["(\w+)"\]:percentencode\}/g, (_, label: string) =>
      encodedPart(labels[label] ?? ''),
    )
    .replaceAll(/\$\{(\w+):percentencode\}/g, (_, name: string) => encodedPart(chosen[name] ?? ''))
    .replaceAll('${__url_time_range}', `last=${Math.round(range.to - range.from)}`);
  if (filled.startsWith('/d/')) return `/boards/${filled.slice('/d/'.length)}`;
  return /^https?:\/\//i.test(filled) ? filled : undefined;
}
