import { availableParallelism, totalmem } from 'node:os';

/** What two files at once may take that start the most: two browsers, or two stores with promtool beside them. */
const neededForTwoBytes = 6 * 2 ** 30;
const memoryBytes = Math.min(totalmem(), process.constrainedMemory() || Infinity);
/** CI runs on machines that nobody knows: what they call processors need not be there for it alone. */
const workers = availableParallelism() > 1 && memoryBytes >= neededForTwoBytes ? 2 : 1;

// Of programs that are written in Go: promtool spends a third of its time on memory that it may as well keep.
process.env.GOGC ??= '400';

/** TypeScript is stripped by esbuild; types are checked by `npm run types`. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  moduleNameMapper: {
    '^fast-check$': '<rootDir>/build/seeded-fast-check.mjs',
    // Not of packages, whose files are what they are called.
    '^(\\.{1,2}/(?!node_modules/).*)\\.js$': '$1',
  },
  transform: { '\\.tsx?$': '<rootDir>/build/jest-transform.mjs' },
  setupFiles: ['<rootDir>/test/support/lasting-connections.ts'],
  // Not how fast something has to be: after so long it hangs, on the busiest machine.
  testTimeout: 180_000,
  // Modules of files that have ended are never given back; and a worker that dies fails a file, not the run.
  workerIdleMemoryLimit: '600MB',
  ...(process.env.CI && { maxWorkers: workers }),
};
