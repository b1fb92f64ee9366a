/**
 * Prints the slowest files, what was skipped, failed or needed a second run, and `N passed, N failed, N skipped` as the last
 * line of CI; fails when something did.
 *
 * @example node build/test-count.mjs .cache/tests.jsonl <status of the last run>
 */
import { readTestRuns } from './test-runs.mjs';

const [path, status] = process.argv.slice(2);
const { files, again, unseen } = readTestRuns(path);
const slowest = [...files].sort((a, b) => b.seconds - a.seconds).slice(0, 15);
const all = files.reduce((sum, { seconds }) => sum + seconds, 0);
console.log(`\n${files.length} files took ${all.toFixed(0)} s; the slowest:`);
for (const { file, seconds } of slowest) console.log(`${seconds.toFixed(1).padStart(7)} s  ${file}`);

for (const { skipped } of files) for (const title of skipped) console.log(`skipped: ${title}`);
for (const [file, titles] of again) for (const title of titles) console.log(`run a second time: ${file}: ${title}`);
for (const { file, failed } of files) for (const title of failed) console.log(`failed: ${file}: ${title}`);
if (unseen > 0) console.log(`failed: jest ended before ${unseen} files had run`);

const sum = (countOf) => files.reduce((total, one) => total + countOf(one), 0);
let failed = sum(({ failed }) => failed.length) + unseen;
if (failed === 0 && status !== '0') {
  console.log(`failed: jest itself ended with ${status}`);
  failed = 1;
}
console.log(`${sum(({ passed }) => passed)} passed, ${failed} failed, ${sum(({ skipped }) => skipped.length)} skipped`);
if (failed > 0) process.exitCode = 1;
