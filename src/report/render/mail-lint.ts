/** Something in a mail that some client does not show as it is meant, or at all. */
export interface MailFault {
  /** Position in the HTML, in characters. */
  readonly at: number;
  readonly message: string;
}

/** Elements that both Gmail and Outlook (Word's engine) keep. */
const elements = new Set(
  'html head meta title style body table tr td th p a b br wbr img h1 h2 h3 span div'.split(' '),
);

const voidElements = new Set(['meta', 'br', 'wbr', 'img']);

/** Gmail shows no more of a mail than this, and a link to the rest. @see https://github.com/hteumeuleu/email-bugs/issues/41 */
export const mostMailBytes = 102_400;

/** Gmail drops style blocks that are longer. @see https://github.com/hteumeuleu/email-bugs/issues/90 */
const mostStyleCharacters = 8192;

/**
 * Properties at elements that Gmail and Outlook both understand, or that are harmless where they are not: what is rounded
 * has corners there, and what may shrink has its width as an attribute too.
 *
 * @see https://www.caniemail.com/
 */
const properties = new Set(
  (
    'margin padding padding-left padding-right padding-top padding-bottom color background-color font-family font-size ' +
    'font-weight font-style line-height text-align text-decoration vertical-align border border-top border-bottom ' +
    'border-left border-right border-color border-collapse border-radius width max-width height white-space ' +
    'word-break word-wrap overflow-wrap display'
  ).split(' '),
);

/** What may stand in the head: the dark, and narrow screens. */
const mediaQueries = /^@media \((max-width: \d+px|prefers-color-scheme: dark)\)$/;

/**
 * What is wrong with the HTML of a mail, in the order of the text; empty for one that Gmail and Outlook show as it is meant.
 *
 * It reads what this program writes, not any HTML: attributes in double quotes, elements closed by name.
 */
export function mailFaults(html: string): readonly MailFault[] {
  const faults: MailFault[] = [];
  const fault = (at: number, message: string): void => void faults.push({ at, message });
  const bytes = Buffer.byteLength(html);
  if (bytes > mostMailBytes) fault(0, `${bytes} bytes: Gmail cuts off what is beyond ${mostMailBytes}`);
  if (!html.startsWith('<!DOCTYPE html>')) fault(0, 'without a doctype, widths differ between clients');
  const open: string[] = [];
  const tag =
    /<!--\[if mso\]>.*?<!\[endif\]-->|<!--.*?-->|<!DOCTYPE html>|<style>(.*?)<\/style>|<(\/?)([a-z][a-z0-9]*)((?:\s+[a-z-]+="[^"]*")*)\s*>|[<>]/gs;
  for (const match of html.matchAll(tag)) {
    const [text, css, slash, name, attributes] = match;
    const at = match.index;
    if (css !== undefined) styleFaults(css).forEach((message) => fault(at, message));
    else if (name === undefined) {
      if (text === '<' || text === '>') fault(at, `${text} is neither escaped nor a tag of the form that is read here`);
    } else if (slash === '/') {
      if (open.pop() !== name) fault(at, `</${name}> closes something else`);
    } else {
      if (!voidElements.has(name)) open.push(name);
      elementFaults(name, attributesOf(attributes ?? '')).forEach((message) => fault(at, message));
    }
  }
  if (open.length > 0) fault(html.length, `${open.join(', ')} not closed`);
  return faults;
}

function attributesOf(text: string): ReadonlyMap<string, string> {
  return new Map([...text.matchAll(/([a-z-]+)="([^"]*)"/g)].map(([, name, value]) => [name!, value!]));
}

function elementFaults(name: string, attributes: ReadonlyMap<string, string>): readonly string[] {
  const faults = elements.has(name) ? [] : [`<${name}> is dropped or not understood`];
  for (const [key, value] of attributes) {
    if (key.startsWith('on')) faults.push(`${key} is script`);
    if ((key === 'src' || key === 'background') && !value.startsWith('cid:'))
      faults.push(`${key} loads from elsewhere`);
    if (key === 'href' && !/^https?:\/\//.test(value)) faults.push(`a link to ${value} leads nowhere in a mail`);
    if (key === 'style') faults.push(...declarationFaults(value));
  }
  const lacks = (...keys: readonly string[]): void => {
    for (const key of keys) if (!attributes.has(key)) faults.push(`<${name}> has no ${key}`);
  };
  if (name === 'img') lacks('src', 'alt', 'width', 'height');
  // Outlook leaves gaps between cells, and readers of screens read every layout as data, where these are missing.
  if (name === 'table') lacks('cellpadding', 'cellspacing', 'border', 'width');
  if (name === 'table' && !attributes.has('role') && !attributes.has('aria-label'))
    faults.push('<table> says not what it is');
  return faults;
}

function declarationFaults(style: string): readonly string[] {
  return style
    .split(';')
    .filter((declaration) => declaration.trim() !== '')
    .flatMap((declaration) => {
      const [property = '', value = ''] = declaration.split(':').map((part) => part.trim());
      return [
        ...(properties.has(property) ? [] : [`style ${property} is not understood everywhere`]),
        ...valueFaults(property, value),
      ];
    });
}

function valueFaults(property: string, value: string): readonly string[] {
  const faults: string[] = [];
  if (/url\(|@import|expression\(/i.test(value)) faults.push(`${property} loads from elsewhere`);
  if (/\b(var|calc|min|max|clamp|rgb|rgba|hsl|hsla)\(/.test(value))
    faults.push(`${property}: Outlook knows no ${value}`);
  if (/\d(rem|vw|vh|ch)\b/.test(value)) faults.push(`${property}: Outlook knows no unit of ${value}`);
  if (/(^|\s)-\d/.test(value)) faults.push(`${property}: Outlook takes no negative ${value}`);
  if (property === 'display' && !/^(block|none)$/.test(value))
    faults.push(`display ${value} is not understood everywhere`);
  if (property.includes('color') && !/^#[0-9a-f]{6}$/.test(value))
    faults.push(`${property}: ${value} is no colour of six digits`);
  return faults;
}

/** Gmail drops a whole block for one thing that it does not know. */
function styleFaults(css: string): readonly string[] {
  const faults: string[] = [];
  if (css.length > mostStyleCharacters) faults.push(`the style block is longer than ${mostStyleCharacters} characters`);
  if (/url\(|@import|@font-face/i.test(css)) faults.push('the style block loads from elsewhere');
  for (const [rule] of css.matchAll(/@[a-z-]+[^{]*/g)) {
    if (!mediaQueries.test(rule.trim())) faults.push(`${rule.trim()} is not understood everywhere`);
  }
  // What stands before each opening brace, from the brace before it on: a regular expression would try every blank anew.
  const heads = css.split('{').slice(0, -1);
  for (const head of heads.map((part) => part.slice(part.lastIndexOf('}') + 1).trim())) {
    if (!head.startsWith('@') && !/^(:root|\.[a-z0-9]+)$/.test(head)) {
      faults.push(`selector ${head} is not understood everywhere`);
    }
  }
  return faults;
}
