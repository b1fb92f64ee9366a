import { visible } from '../documents/visible.js';
import { failureKinds, failureOf } from '../domain/failure.js';

/**
 * Prints an expected failure in two lines and gives its exit code.
 *
 * Anything else is a bug and is thrown on, with its stack.
 */
export function reportFailure(error: unknown): number {
  const { code, message, hint } = failureOf(error);
  process.stderr.write(`meshslo: ${visible(message)}\n`);
  // Hints are ours, and some show what to write, line by line.
  if (hint) process.stderr.write(`  hint: ${hint.split('\n').map(visible).join('\n')}\n`);
  return failureKinds[code].exitCode;
}
