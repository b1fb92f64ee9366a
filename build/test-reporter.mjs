/**
 * A reporter for jest that writes down what each test file came to as soon as it has ended, a line of JSON each: what has been
 * written stays, whatever happens to jest later. `build/test-count.mjs` reads it.
 */
import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname, relative } from 'node:path';

const results = process.env['TEST_RESULTS'] ?? '.cache/tests.jsonl';

export default class TestReporter {
  constructor() {
    mkdirSync(dirname(results), { recursive: true });
  }

  onRunStart({ numTotalTestSuites }) {
    write({ files: numTotalTestSuites });
  }

  onTestResult({ path }, { testResults, testExecError, failureMessage, perfStats }) {
    const titlesOf = (...wanted) =>
      testResults.filter(({ status }) => wanted.includes(status)).map(({ fullName }) => fullName);
    const failed = titlesOf('failed');
    if (testExecError || (failureMessage && failed.length === 0)) failed.push('(the file itself)');
    write({
      file: relative(process.cwd(), path),
      seconds: (perfStats.end - perfStats.start) / 1000,
      passed: titlesOf('passed').length,
      failed,
      skipped: titlesOf('pending', 'todo', 'skipped', 'disabled'),
    });
  }
}

function write(entry) {
  appendFileSync(results, `${JSON.stringify(entry)}\n`);
}
