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
  // Not how fast something has to be: after so long it hangs, on the busiest machine.
  testTimeout: 180_000,
  // Modules of files that have ended are never given back; and a worker that dies fails a file, not the run.
  workerIdleMemoryLimit: '600MB',
};
