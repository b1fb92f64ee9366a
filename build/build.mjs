/** Builds dist/: the service with tsc, the page with Vite, side by side. */
import { spawn } from 'node:child_process';

function run(script, args) {
  return new Promise((resolve, reject) => {
    spawn(process.execPath, [script, ...args], { stdio: 'inherit' }).on('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`${script} ended with code ${String(code)}`)),
    );
  });
}

try {
  await Promise.all([
    run('node_modules/typescript/bin/tsc', ['-p', 'tsconfig.json']),
    run('node_modules/vite/bin/vite.js', ['build', '--logLevel', 'warn']),
  ]);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
