import { visible } from '../../documents/visible.js';

/** The one font that pictures are drawn with: a machine that has others draws the same. */
export const fontFamily = 'DejaVu Sans';

/** Width that every picture is shown at, in pixels; it is drawn twice as fine. */
export const pictureWidth = 552;

/** Colours that can be told apart on the ground of a picture, which stays light in the dark. */
export const ink = {
  ground: '#f6f7f9',
  text: '#24303c',
  faint: '#5b6673',
  grid: '#dde2e7',
  zero: '#9aa5b1',
  good: '#2b6ca3',
  warn: '#a15c00',
  bad: '#b42318',
} as const;

/** An SVG element; numbers are written with two decimals, texts escaped. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  ...content: readonly string[]
): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(rounded(value))}"`);
  return `<${name}${written.join('')}>${content.join('')}</${name}>`;
}

/** A line of text. */
export function label(
  text: string,
  at: { readonly x: number; readonly y: number },
  style: {
    readonly size?: number;
    readonly fill?: string;
    readonly anchor?: 'start' | 'middle' | 'end';
    readonly bold?: boolean;
  } = {},
): string {
  const { size = 12, fill = ink.faint, anchor = 'start', bold = false } = style;
  const attributes = { 'font-family': fontFamily, 'font-size': size, fill, 'text-anchor': anchor, ...at };
  return element('text', { ...attributes, 'font-weight': bold ? 'bold' : 'normal' }, escaped(visible(text)));
}

/** A whole picture on its ground. */
export function picture(height: number, ...content: readonly string[]): string {
  const size = { width: pictureWidth, height };
  return element(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', ...size, viewBox: `0 0 ${pictureWidth} ${height}` },
    element('rect', { x: 0, y: 0, ...size, rx: 8, fill: ink.ground }),
    ...content,
  );
}

/** The text cut to a width, by the width that most characters of the bold font have. */
export function cut(text: string, widthPixels: number, size: number): string {
  const characters = Array.from(text);
  const most = Math.floor(widthPixels / (size * 0.7));
  return characters.length <= most ? text : `${characters.slice(0, Math.max(1, most - 1)).join('')}…`;
}

function rounded(value: string | number): string {
  return typeof value === 'number' ? String(Math.round(value * 100) / 100) : value;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
