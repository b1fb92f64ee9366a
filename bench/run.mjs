/** Runs one bench by name: `node bench/run.mjs exposition [--json] [--full]`; what is full is up to the bench. */
const [name, ...flags] = process.argv.slice(2);

if (name === undefined || !/^[a-z-]+$/.test(name)) {
  console.error('usage: node bench/run.mjs <name> [--json] [--full]');
  process.exit(2);
}

const { bench } = await import(`./${name}.mjs`);
await bench({ json: flags.includes('--json'), full: flags.includes('--full') });
