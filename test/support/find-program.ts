import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Programs of Debian's packages that tests run for real. */
export type Program =
  | 'prometheus'
  | 'promtool'
  | 'prometheus-alertmanager'
  | 'amtool'
  | 'victoria-metrics'
  | 'vmalert'
  | 'chromium'
  | 'openssl'
  | 'haproxy';

/** The program's path; undefined where it is not installed. */
export function findProgram(name: Program): string | undefined {
  // Servers are not on everybody's path.
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin'];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
