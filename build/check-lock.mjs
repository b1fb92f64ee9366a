/** Refuses a lock file that `npm ci` cannot install elsewhere, or that names a registry. */
import { readFileSync } from 'node:fs';

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const broken = Object.entries(packages).filter(([path, entry]) => path && !entry.version && !entry.link);
const resolved = Object.entries(packages).filter(([, entry]) => entry.resolved?.startsWith('http'));
for (const [path] of broken) console.error(`package-lock.json: ${path} has no version`);
for (const [path] of resolved) console.error(`package-lock.json: ${path} names a registry`);
if (broken.length + resolved.length > 0) process.exitCode = 1;
