/** Prints the files that may run a second time: where few have failed, all that did. @see docs/decisions/0018 */
import { readTestRuns } from './test-runs.mjs';

const most = 4;
const failed = readTestRuns(process.argv[2]).files.filter((one) => one.failed.length > 0);
if (failed.length <= most) for (const { file } of failed) console.log(file);
