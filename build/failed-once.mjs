/** Prints the files that may run a second time: they start outside programs, and few have failed. @see docs/decisions/0018 */
import { readTestRuns } from './test-runs.mjs';

const most = 4;
const failed = readTestRuns(process.argv[2]).files.filter((one) => one.failed.length > 0);
const mayRunAgain = failed.length <= most && failed.every(({ usesPrograms }) => usesPrograms);
if (mayRunAgain) for (const { file } of failed) console.log(file);
