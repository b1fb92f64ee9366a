import type { Diagnostic, SourcePosition } from '../domain/diagnostic.js';
import { SecretPlaces } from './secret-places.js';
import { visible } from './visible.js';

/** How a list of mistakes is printed. */
export interface RenderOptions {
  /** The lines of a file, or undefined where it cannot be shown. */
  readonly linesOf: (file: string) => readonly string[] | undefined;
  /** How a file is called, such as relative to where the reader stands. */
  readonly nameOf?: (file: string) => string;
  readonly color: boolean;
}

/** Longer lines are cut round the fault. */
const widestLine = 120;

const red = '31';
const yellow = '33';
const cyan = '36';
const bold = '1';
const dim = '2';

/**
 * Mistakes as people read them: what is wrong, the line with a caret under the fault, and how to mend it.
 *
 *     slos/cart.yaml:4:18 error: slos.latency.threshold: 240ms is no bucket bound of istio [threshold-is-no-bucket-bound]
 *       4 |   latency: { threshold: 240ms }
 *         |                         ^^^^^ 100ms or 250ms
 */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], options: RenderOptions): string {
  const secrets = new SecretPlaces(diagnostics);
  return diagnostics.map((diagnostic) => renderOne(diagnostic, options, secrets)).join('\n');
}

function renderOne(
  diagnostic: Diagnostic,
  { linesOf, nameOf = (file) => file, color }: RenderOptions,
  secrets: SecretPlaces,
): string {
  const paint = (code: string, text: string): string =>
    color && text !== '' ? `\u001b[${code}m${text}\u001b[0m` : text;
  const { severity, code, message, hint, position } = diagnostic;
  const tone = severity === 'error' ? red : yellow;
  const place = position === undefined ? '' : `${visible(nameOf(position.file))}:${position.line}:${position.column} `;
  const title = `${paint(bold, place)}${paint(tone, `${severity}:`)} ${visible(message)} ${paint(dim, `[${code}]`)}\n`;

  const source = position === undefined ? undefined : linesOf(position.file)?.[position.line - 1];
  if (position === undefined || source === undefined || source.trim() === '') {
    return hint === undefined ? title : `${title}  ${paint(cyan, visible(hint))}\n`;
  }
  const { text, column, length } = excerpt(secrets.hideIn(source, position), position);
  const gutter = String(position.line);
  const margin = ' '.repeat(gutter.length);
  const caret = `${' '.repeat(column)}${paint(tone, '^'.repeat(length))}`;
  const advice = hint === undefined ? '' : ` ${paint(cyan, visible(hint))}`;
  return `${title}  ${paint(dim, `${gutter} |`)} ${text}\n  ${paint(dim, `${margin} |`)} ${caret}${advice}\n`;
}

/** The part of a line round the fault, as wide as a screen; `column` counts from 0 in it. */
function excerpt(line: string, { column, length }: SourcePosition): { text: string; column: number; length: number } {
  const start = Math.max(0, Math.min(column - 1 - widestLine / 2, line.length - widestLine));
  const text = visible(line.slice(start, start + widestLine));
  const at = Math.min(column - 1 - start, text.length);
  return { text, column: at, length: Math.max(1, Math.min(length, text.length - at)) };
}
