/** Prints `N passed, N failed, N skipped` from jest's own JSON, as the last line of CI. */
import { readFileSync } from 'node:fs';

const result = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const skipped = result.numPendingTests + result.numTodoTests;
const brokenSuites = result.numRuntimeErrorTestSuites;
for (const suite of result.testResults) {
  for (const { status, fullName } of suite.assertionResults)
    if (status === 'pending') console.log(`skipped: ${fullName}`);
}
console.log(`${result.numPassedTests} passed, ${result.numFailedTests + brokenSuites} failed, ${skipped} skipped`);
