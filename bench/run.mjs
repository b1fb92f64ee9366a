/** Runs one bench by name: `node bench/run.mjs exposition [--json]`. */
const [name, ...flags] = process.argv.slice(2);

if (name === undefined || !/^[a-z-]+$/.test(name)) {
  console.error('usage: node bench/run.mjs <name> [--json]');
  process.exit(2);
}

const { bench } = await import(`./${name}.mjs`);
await bench({ json: flags.includes('--json') });
