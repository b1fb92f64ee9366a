import type { Writable } from 'node:stream';

/**
 * Lets a command go on in silence when nobody reads what it writes any more, as in `meshslo check | head -1`: it ends with the exit
 * code that it would have had, and what it was doing for others (publishing, serving) is not left half done.
 */
export function outlivesItsReader(output: Writable): void {
  output.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}
