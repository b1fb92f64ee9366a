import { relative } from 'node:path';
import { visible } from '../documents/visible.js';
import type { Diagnostic } from '../domain/diagnostic.js';
import { inReadingOrder } from '../domain/diagnostic.js';

/** One line that GitHub shows beside the line that it is about. */
export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly title: string;
  readonly message: string;
  readonly position?: Diagnostic['position'];
}

/**
 * Mistakes as workflow commands: GitHub shows each on its line of a pull request.
 *
 * @param root folder of the repository: files are named as seen from it
 * @see https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
 */
export function githubAnnotations(diagnostics: readonly Diagnostic[], root: string): readonly string[] {
  return inReadingOrder(diagnostics).map(({ severity, code, message, hint, position }) =>
    githubAnnotation(
      {
        level: severity,
        title: code,
        message: hint === undefined ? message : `${message}\n${hint}`,
        ...(position && { position }),
      },
      root,
    ),
  );
}

/** One workflow command, without a line end. */
export function githubAnnotation({ level, title, message, position }: Annotation, root: string): string {
  const place = position && {
    file: fromRoot(position.file, root),
    line: String(position.line),
    col: String(position.column),
    endColumn: String(position.column + position.length),
  };
  const properties = Object.entries({ ...place, title })
    .map(([key, value]) => `${key}=${property(value)}`)
    .join(',');
  return `::${level} ${properties}::${data(message)}`;
}

/** GitHub knows files by their path in the repository, with slashes. */
function fromRoot(file: string, root: string): string {
  const path = relative(root, file);
  return (path === '' || path.startsWith('..') ? file : path).replaceAll('\\', '/');
}

/** What stands after `::`: a line end would end the command, and could begin one of somebody else's. */
function data(text: string): string {
  const lines = text.split(/\r?\n|\r/).map(visible);
  return lines.map((line) => line.replaceAll('%', '%25')).join('%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
