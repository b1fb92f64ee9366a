import { spawn } from 'node:child_process';

/** Shows a file in the browser of whoever runs this; where there is none, its name on the terminal is all there is. */
export function openInBrowser(file: string): void {
  const [program, ...words] = opener();
  const child = spawn(program, [...words, file], { stdio: 'ignore', detached: true });
  child.on('error', () => process.stderr.write('meshslo: no browser could be started; open the file by hand\n'));
  child.unref();
}

function opener(): readonly [string, ...string[]] {
  switch (process.platform) {
    case 'darwin':
      return ['open'];
    case 'win32':
      return ['cmd', '/c', 'start', ''];
    default:
      return ['xdg-open'];
  }
}
