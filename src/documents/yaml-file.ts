import { readFileSync, statSync } from 'node:fs';
import type { Diagnostic } from '../domain/diagnostic.js';
import { largestDocumentBytes, parseYaml } from './yaml-document.js';
import type { YamlDocument } from './yaml-document.js';

/** The documents of a YAML file on disk, or why there are none; a file that cannot be read is a mistake like any other. */
export function readYamlFile(file: string): {
  readonly documents: readonly YamlDocument[];
  readonly diagnostics: readonly Diagnostic[];
} {
  const content = readBounded(file);
  if (content instanceof Uint8Array) return parseYaml(file, content);
  return {
    documents: [],
    diagnostics: [{ ...content, severity: 'error', position: { file, line: 1, column: 1, length: 1 } }],
  };
}

type Unreadable = Pick<Diagnostic, 'code' | 'message'>;

function readBounded(file: string): Uint8Array | Unreadable {
  try {
    const status = statSync(file);
    // To open a pipe would wait for somebody to write into it.
    if (!status.isFile()) return { code: 'file-unreadable', message: 'not a file' };
    if (status.size > largestDocumentBytes) {
      return { code: 'file-too-large', message: `${status.size} bytes; the limit is ${largestDocumentBytes}` };
    }
    return readFileSync(file);
  } catch (cause) {
    return { code: 'file-unreadable', message: reasonOf(cause as NodeJS.ErrnoException) };
  }
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EACCES' || code === 'EPERM') return 'no permission to read it';
  return message;
}
