import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { once } from 'node:events';
import { startSensuBridge } from '../alerting/sensu/sensu-bridge.js';
import { Failure } from '../domain/failure.js';
import { systemReason } from '../domain/system-reason.js';
import { starUserInfo } from '../domain/user-info.js';
import { systemClock } from './system-clock.js';

interface BridgeOptions {
  readonly listen: string;
  readonly sensu: string;
  readonly keyFile?: string;
  readonly namespace: string;
  readonly handler: readonly string[];
}

/** `meshslo sensu-bridge`: Alertmanager's messages as events of Sensu. */
export function sensuBridgeCommand(): Command {
  return new Command('sensu-bridge')
    .description('take what Alertmanager posts to a webhook, and post it to Sensu as events')
    .option('--listen <address>', 'loopback address and port', '127.0.0.1:9112')
    .option('--sensu <url>', "an agent's or a backend's address of events", 'http://127.0.0.1:3031/events')
    .option('--key-file <file>', "file with a backend's API key")
    .option('--namespace <name>', "Sensu's namespace", 'default')
    .option('--handler <names...>', "Sensu's handlers of these events", [])
    .addHelpText(
      'after',
      '\nExample:\n  $ meshslo sensu-bridge --sensu https://sensu.example:8080/api/core/v2/namespaces/default/events --key-file sensu.key',
    )
    .action(bridge);
}

/** Runs until SIGINT or SIGTERM. */
async function bridge({ listen, sensu, keyFile, namespace, handler }: BridgeOptions): Promise<void> {
  const [, address, port] = /^(.*):(\d{1,5})$/.exec(listen) ?? [];
  if (address === undefined) throw new Failure('bad-arguments', `--listen ${listen} is no address with a port`);
  if (!/^https?:\/\/./.test(sensu) || !URL.canParse(sensu))
    throw new Failure('bad-arguments', `--sensu ${starUserInfo(sensu)} is no HTTP address`);
  const running = await startSensuBridge({
    address,
    port: Number(port),
    sensuUrl: sensu,
    apiKey: keyFile === undefined ? undefined : keyIn(keyFile),
    namespace,
    handlers: handler,
    timeoutSeconds: 10,
    clock: systemClock,
    onTrouble: ({ message }) =>
      process.stderr.write(`${new Date().toISOString()} ${message}; Alertmanager will try again\n`),
  });
  process.stdout.write(`Alertmanager's webhook is ${running.url}; events go to ${starUserInfo(sensu)}\n`);
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await running.close();
}

function keyIn(file: string): string {
  try {
    const key = readFileSync(file, 'utf8').trim();
    if (/^[\x21-\x7e]+$/.test(key)) return key;
  } catch (cause) {
    throw new Failure('file-unreadable', `cannot read ${file}: ${systemReason(cause)}`);
  }
  throw new Failure('file-unreadable', `${file} holds no key on one line`);
}
