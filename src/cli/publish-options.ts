import { type Command, Option } from 'commander';

/** What `diff` and `apply` both take. */
export function publishOptions(command: Command): Command {
  return command
    .option('--config <file>', 'the configuration', 'meshslo.yaml')
    .option('--only <name>', 'one destination, by its name; may be given several times', collect, [])
    .option('--overwrite-edits', 'write over what people have changed of ours; never over what is not ours', false)
    .addOption(new Option('--output <format>', 'how to print').choices(['text', 'json']).default('text'));
}

function collect(name: string, before: readonly string[]): readonly string[] {
  return [...before, name];
}
