import { visible } from '../documents/visible.js';
import { Failure, failureKinds } from '../domain/failure.js';

/**
 * Prints an expected failure in two lines and gives its exit code.
 *
 * Anything else is a bug and is thrown on, with its stack.
 */
export function reportFailure(error: unknown): number {
  if (!(error instanceof Failure)) throw error;
  process.stderr.write(`meshslo: ${visible(error.message)}\n`);
  // Hints are ours, and some show what to write, line by line.
  if (error.hint) process.stderr.write(`  hint: ${error.hint.split('\n').map(visible).join('\n')}\n`);
  return failureKinds[error.code].exitCode;
}
