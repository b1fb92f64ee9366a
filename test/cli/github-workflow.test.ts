import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { buildSync } from 'esbuild';
import { parse } from 'yaml';
import { leastConfig } from '../config/workspace.js';
import { FakeGrafana } from '../support/apis/fake-grafana.js';

/** What of a step is used here. */
interface Step {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly run?: string;
  readonly 'working-directory'?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Job {
  readonly steps: readonly Step[];
}

const workflow = parse(readFileSync('examples/github-actions/slos.yaml', 'utf8')) as {
  readonly jobs: Readonly<Record<'check' | 'publish', Job>>;
};

/** What a step ended with. */
interface Ran {
  readonly run: string;
  readonly code: number | null;
  readonly said: string;
}

// Below the project, where packages are found, and as deep as the built one.
const cache = `.cache/github-workflow-${process.pid}`;
const program = join(cache, 'main.mjs');

beforeAll(() => {
  const entryPoints = ['src/cli/main.ts'];
  buildSync({ entryPoints, outfile: program, bundle: true, platform: 'node', format: 'esm', packages: 'external' });
});
afterAll(() => rmSync(cache, { recursive: true }));

let checkout: string;
let machine: string;

beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'meshslo-checkout-'));
  machine = mkdtempSync(join(tmpdir(), 'meshslo-machine-'));
  mkdirSync(join(machine, 'bin'));
  const meshslo = join(machine, 'bin', 'meshslo');
  // What npm would do needs the network; that the steps ask it for what there is, is another test.
  executable(
    join(machine, 'bin', 'npm'),
    `echo "$*" >> ${join(machine, 'npm.log')}
[ "$1" = link ] || exit 0
cat > ${meshslo} <<'END'
#!/bin/sh
exec ${process.execPath} ${resolve(program)} "$@"
END
chmod +x ${meshslo}`,
  );
});

afterEach(() => {
  for (const folder of [checkout, machine]) rmSync(folder, { recursive: true });
});

function executable(file: string, script: string): void {
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

function write(name: string, text: string): void {
  const file = join(checkout, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** Runs the steps of a job one after the other, each as a runner would, until one fails. */
async function runJob({ steps }: Job, secrets: Readonly<Record<string, string>> = {}): Promise<readonly Ran[]> {
  const filled = (text: string): string =>
    text
      .replace('${{ runner.temp }}', machine)
      .replace(/\$\{\{ secrets\.(\w+) \}\}/g, (_, name: string) => secrets[name] ?? '');
  const ran: Ran[] = [];
  for (const { uses, with: given, run, env = {}, 'working-directory': folder = '.' } of steps) {
    if (uses?.startsWith('actions/checkout@')) mkdirSync(join(checkout, given?.['path'] ?? '.'), { recursive: true });
    if (run === undefined) continue;
    const own = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, filled(value)]));
    const PATH = `${join(machine, 'bin')}:${process.env['PATH']}`;
    const child = spawn('bash', ['-e', '-c', filled(run)], {
      cwd: join(checkout, folder),
      env: { PATH, HOME: machine, GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: checkout, ...own },
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (said += text));
    const [code] = (await once(child, 'close')) as [number | null];
    ran.push({ run, code, said });
    if (code !== 0) break;
  }
  return ran;
}

const good = 'service: shop/cart\nowner: team-shop\nslos: { availability: { objective: 99.95% } }\n';

describe('the example for GitHub Actions, step by step as it is written', () => {
  test('annotates the lines of a broken SLO file in a pull request, fails, and makes nothing of it', async () => {
    write('meshslo.yaml', `${leastConfig}slos: ['slos/*.yaml']\n`);
    write('slos/cart.yaml', 'service: shop/cart\nslos:\n  availability: { objective: 100% }\n');
    write('slos/till.yaml', 'service: shop/till\nslos:\n  latency: { treshold: 1s }\n');
    const ran = await runJob(workflow.jobs.check);
    expect(ran.map(({ run, code }) => [run, code])).toEqual([
      ['npm ci && npm run build && npm link', 0],
      ['meshslo check --output github', 1],
    ]);
    const annotations = ran[1]!.said.split('\n').filter((line) => line.startsWith('::'));
    expect(annotations.filter((line) => line.startsWith('::error'))).toEqual([
      expect.stringMatching(
        /^::error file=slos\/cart\.yaml,line=3,col=\d+,endColumn=\d+,title=objective-of-100-percent::/,
      ),
      expect.stringMatching(/^::error file=slos\/till\.yaml,line=3,col=\d+,endColumn=\d+,title=unknown-key::/),
    ]);
    expect(existsSync(join(machine, 'generated'))).toBe(false);
  });

  test('passes a good one, and makes all that would be published', async () => {
    write('meshslo.yaml', `${leastConfig}slos: ['slos/*.yaml']\n`);
    write('slos/cart.yaml', good);
    const ran = await runJob(workflow.jobs.check);
    expect(ran.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(readdirSync(join(machine, 'generated'))).toContain('meshslo-objectives.yaml');
    expect(readFileSync(join(machine, 'npm.log'), 'utf8')).toBe('ci\nrun build\nlink\n');
  });

  test('publishes after the merge with a token that only the job can read', async () => {
    const grafana = await new FakeGrafana().listen();
    const to = `{ grafana: { url: '${grafana.url}', authorization: { bearer_token_file: secrets/grafana } } }`;
    write('meshslo.yaml', `${leastConfig}slos: ['slos/*.yaml']\npublish: { to: [${to}] }\n`);
    write('slos/cart.yaml', good);
    const secrets = { GRAFANA_TOKEN: grafana.token };
    const ran = await runJob(workflow.jobs.publish, secrets);
    await grafana.close();
    expect(ran.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    expect(ran.map(({ said }) => said).join('')).not.toContain(grafana.token);
    expect(statSync(join(checkout, 'secrets', 'grafana')).mode & 0o777).toBe(0o600);
    expect(ran[3]!.said).toContain(`${grafana.dashboards.size} done; 0 as wanted before`);
  });

  test('names actions by versions that there are, and asks for no right but reading', () => {
    const { jobs, permissions } = workflow as typeof workflow & { readonly permissions: unknown };
    const uses = Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ uses }) => uses ?? []));
    expect([...new Set(uses)]).toEqual(['actions/checkout@v6', 'actions/setup-node@v6']);
    expect(permissions).toEqual({ contents: 'read' });
  });
});
