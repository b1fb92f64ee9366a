#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { applyCommand } from './apply.js';
import { checkCommand } from './check.js';
import { demoCommand } from './demo.js';
import { findingsCommand } from './findings.js';
import { diffCommand } from './diff.js';
import { generateCommand } from './generate.js';
import { outlivesItsReader } from './gone-reader.js';
import { importCommand } from './import.js';
import { initCommand } from './init.js';
import { inspectCommand } from './inspect.js';
import { ledgerCommand } from './ledger.js';
import { reportCommand } from './report.js';
import { previewCommand } from './preview.js';
import { reportFailure } from './report-failure.js';
import { sensuBridgeCommand } from './sensu-bridge.js';
import { serveCommand } from './serve.js';
import { statusCommand } from './status.js';
import { packageVersion } from './package-version.js';

const program = new Command('meshslo')
  .description('SLOs, alerts, dashboards and weekly reports for every service that moves onto a service mesh')
  .version(packageVersion())
  .showHelpAfterError()
  .addHelpText('after', '\nExample:\n  $ meshslo init && meshslo check && meshslo serve');

for (const command of [
  serveCommand(),
  statusCommand(),
  findingsCommand(),
  checkCommand(),
  initCommand(),
  importCommand(),
  inspectCommand(),
  ledgerCommand(),
  generateCommand(),
  previewCommand(),
  diffCommand(),
  applyCommand(),
  reportCommand(),
  sensuBridgeCommand(),
  demoCommand(),
]) {
  program.addCommand(command);
}

exitsHonestly(program);
outlivesItsReader(process.stdout);
outlivesItsReader(process.stderr);
try {
  await program.parseAsync();
} catch (error) {
  // It has said what it does not understand. Exit code 1 would say that something was looked at, and is bad.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else process.exitCode = reportFailure(error);
}

/** Lets a command and all below it end here instead of within Commander. */
function exitsHonestly(command: Command): void {
  command.exitOverride();
  for (const one of command.commands) exitsHonestly(one);
}
