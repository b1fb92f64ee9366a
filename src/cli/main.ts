#!/usr/bin/env node
import { Command } from 'commander';
import { applyCommand } from './apply.js';
import { checkCommand } from './check.js';
import { demoCommand } from './demo.js';
import { findingsCommand } from './findings.js';
import { diffCommand } from './diff.js';
import { generateCommand } from './generate.js';
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

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = reportFailure(error);
}
