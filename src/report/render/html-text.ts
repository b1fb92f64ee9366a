import { visible } from '../../documents/visible.js';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text of others as it may stand between tags and in quotes: no markup, and nothing that turns text round; a per cent sign stays with its number. */
export function htmlText(text: string): string {
  return visible(text)
    .replace(/[&<>"']/g, (character) => entities[character]!)
    .replace(/(\d) %/g, '$1&nbsp;%');
}

/** The same between tags, where a long name may also break behind its slashes. */
export function breakableText(text: string): string {
  return htmlText(text).replace(/\/(?=\S)/g, '/<wbr>');
}
