import { readFileSync, statSync } from 'node:fs';
import { relative } from 'node:path';
import type { Diagnostic } from '../domain/diagnostic.js';
import { renderDiagnostics } from '../documents/render-diagnostics.js';
import { largestDocumentBytes } from '../documents/yaml-document.js';

/** Where a command writes what it was asked for. */
export interface Terminal {
  write(text: string): void;
  readonly color: boolean;
}

/** The standard output; coloured for people only. @see https://no-color.org */
export function standardOutput(): Terminal {
  return {
    write: (text) => process.stdout.write(text),
    color: process.stdout.isTTY && !process.env['NO_COLOR'],
  };
}

/** Mistakes with the lines they are in, files named as seen from the working directory. */
export function diagnosticsText(diagnostics: readonly Diagnostic[], color: boolean): string {
  const files = new Map<string, readonly string[] | undefined>();
  return renderDiagnostics(diagnostics, {
    color,
    nameOf: shortName,
    linesOf: (file) => {
      if (!files.has(file)) files.set(file, linesOf(file));
      return files.get(file);
    },
  });
}

/** The file as a person would type it here. */
export function shortName(file: string): string {
  const name = relative(process.cwd(), file);
  return name === '' || name.startsWith('..') ? file : name;
}

function linesOf(file: string): readonly string[] | undefined {
  try {
    // A file that was too large to be read has no line that is worth showing.
    if (statSync(file).size > largestDocumentBytes) return undefined;
    return readFileSync(file, 'utf8').split(/\r?\n/);
  } catch {
    return undefined;
  }
}
