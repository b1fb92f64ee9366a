import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from '@jest/globals';
import { findProgram, type Program } from './find-program.js';

/**
 * A `describe` that needs a program.
 *
 * At home its tests are skipped, and the title says what is missing; in CI a missing program is a failure.
 */
export function describeWith(program: Program, title: string, tests: (path: string) => void): void {
  const path = findProgram(program);
  if (path) describe(title, () => tests(path));
  else if (process.env['CI']) test(`${title} needs ${program}, which CI must have installed`, () => fail(program));
  else describe.skip(`${title} [skipped: ${program} is not installed]`, () => tests(program));
}

/** Recordings of real systems, kept beside the project; they are no part of it. */
export const sharedFixtures = join(import.meta.dirname, '..', '..', '..', 'shared', 'fixtures');

/** A `describe` over the recordings; skipped, and counted as such, where they are absent. */
export function describeWithRecordings(title: string, tests: (folder: string) => void): void {
  if (existsSync(sharedFixtures)) describe(title, () => tests(sharedFixtures));
  else test.skip(`${title} [skipped: ../shared/fixtures is absent]`, () => undefined);
}

function fail(program: Program): never {
  throw new Error(`${program} is not installed`);
}
