import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { loadConfig } from '../../src/config/load-config.js';
import { controlPlaneFile } from '../../src/generate/rules/control-plane-file.js';
import { ruleYaml } from '../../src/generate/rules/rule-yaml.js';
import { loadControlPlaneAlerts } from '../../src/packs/load-control-plane-alerts.js';
import { Service } from '../../src/service/service.js';
import { BackstageApi } from '../../src/simulator/backstage-api.js';
import { partsOf } from '../generate/rules/made-up-slos.js';
import { describeWith } from '../support/programs.js';
import { RunningPrometheus } from '../support/prometheus/running-prometheus.js';
import { RealAlertmanager } from '../support/real-alertmanager.js';
import { until } from '../support/until.js';

interface Notification {
  readonly alerts: readonly {
    readonly status: 'firing' | 'resolved';
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  }[];
}

interface PrometheusAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly state: 'pending' | 'firing';
}

/** The hour that a finding goes on before it calls anybody has passed between two runs of meshslo. */
const awaySeconds = 3700;

describeWith(
  'prometheus-alertmanager',
  'a finding that nobody attends to, with a real Alertmanager',
  (alertmanagerPath) => {
    describeWith('prometheus', 'and a Prometheus that reads what meshslo says of itself', () => {
      const folder = mkdtempSync(join(tmpdir(), 'meshslo-finding-alert-'));
      const backstage = new BackstageApi();
      const heard: Notification['alerts'][number][] = [];
      const receiver = createServer((request, response) => {
        let text = '';
        request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        request.on('end', () => {
          heard.push(...(JSON.parse(text) as Notification).alerts);
          response.end();
        });
      });
      let alertmanager: RealAlertmanager | undefined;
      let prometheus: RunningPrometheus | undefined;
      let service: Service | undefined;

      const listen = async (server: typeof receiver): Promise<string> => {
        server.listen(0, '127.0.0.1');
        await once(server, 'listening');
        return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      };

      beforeAll(async () => {
        backstage.faults = { status: 503 };
        const portal = await listen(backstage.server);
        alertmanager = await RealAlertmanager.startWith(
          alertmanagerPath,
          `route: { receiver: nobody, group_wait: 0s, group_interval: 1s, routes: [{ receiver: mesh, matchers: ['owner="team-mesh"', 'severity="ticket"'] }] }
receivers: [{ name: nobody }, { name: mesh, webhook_configs: [{ url: '${await listen(receiver)}' }] }]
`,
        );
        const file = join(folder, 'meshslo.yaml');
        writeFileSync(
          file,
          `cluster: test
listen: { port: 0 }
ledger: ledger.db
scrape: { jobs: [{ name: none, mesh: istio, targets: [{ static: ['127.0.0.1:9'] }] }] }
catalog:
  backstage: [{ name: portal, url: '${portal}', interval: 1s }]
  thresholds: { unreadable: 1s }
alerting: { owner: team-mesh, alertmanagers: [{ url: '${alertmanager.url}' }] }
links: { page: 'https://meshslo.example', runbooks: 'https://wiki.example/{alert}' }
`,
        );
        const { config } = loadConfig(file);
        const start = (agoSeconds: number): Promise<Service> =>
          Service.start({
            config: config!,
            // What is asked for once a minute is asked every two seconds.
            clock: { now: () => Date.now() / 1000 - agoSeconds, monotonic: () => (performance.now() / 1000) * 30 },
            uiFolder: folder,
            version: 'test',
            onNotice: () => undefined,
            onBug: (error) => {
              throw error;
            },
          });
        const before = await start(awaySeconds);
        await until(async () => (await findings(before)).includes('CatalogUnreadable'));
        await before.stop();
        expect(heard).toEqual([]);

        service = await start(0);
        const { settings } = partsOf([]);
        const { links } = config!;
        const rules = ruleYaml(
          controlPlaneFile({ controlPlanes: [], registries: [], alerts: loadControlPlaneAlerts(), settings, links }),
        );
        mkdirSync(join(folder, 'rules'));
        // The same rules in a world in which an hour is a second.
        const hasty = rules.replaceAll('for: 1h', 'for: 1s').replaceAll(/interval: \d+[smh]/g, 'interval: 1s');
        writeFileSync(join(folder, 'rules', 'control-plane.yaml'), hasty);
        prometheus = await RunningPrometheus.start(join(folder, 'data'), {
          global: { scrape_interval: '1s', evaluation_interval: '1s' },
          rule_files: [join(folder, 'rules', '*.yaml')],
          alerting: { alertmanagers: [{ static_configs: [{ targets: [new URL(alertmanager.url).host] }] }] },
          scrape_configs: [{ job_name: 'meshslo', static_configs: [{ targets: [new URL(service.url).host] }] }],
        });
      });

      afterAll(async () => {
        // What did not begin is none that is missing: the reason stands where it should have begun.
        await prometheus?.stop();
        await service?.stop();
        await alertmanager?.close();
        for (const server of [backstage.server, receiver]) {
          server.closeAllConnections();
          server.close();
        }
        rmSync(folder, { recursive: true, force: true });
      });

      const findings = async ({ url }: Service): Promise<readonly string[]> => {
        const { findings: list } = (await (await fetch(`${url}/api/v1/findings`)).json()) as {
          readonly findings: readonly { readonly kind: string }[];
        };
        return list.map(({ kind }) => kind);
      };
      const firing = async (): Promise<PrometheusAlert | undefined> => {
        const { data } = (await (await fetch(`${prometheus!.address}/api/v1/alerts`)).json()) as {
          readonly data: { readonly alerts: readonly PrometheusAlert[] };
        };
        return data.alerts.find(
          ({ labels, state }) => labels['alertname'] === 'FindingUnattended' && state === 'firing',
        );
      };

      const labels = {
        alertname: 'FindingUnattended',
        severity: 'ticket',
        kind: 'CatalogUnreadable',
        owner: 'team-mesh',
      };
      const annotations = {
        summary: '1 finding CatalogUnreadable of team-mesh has gone on for an hour',
        action: 'The page of findings says of each what was seen and what to do next.',
        page_url: 'https://meshslo.example/findings?kind=CatalogUnreadable',
        runbook_url: 'https://wiki.example/FindingUnattended',
      };

      test('reaches its owner with runbook and links, and over a restart it is the same hour', async () => {
        await until(() => heard.some(({ status }) => status === 'firing'));
        expect(heard[0]).toMatchObject({ status: 'firing', labels, annotations });
        expect(heard[0]!.labels).toEqual(labels);
      });

      test('fires in Prometheus, too, in the same words, and Alertmanager takes both for one', async () => {
        await until(async () => (await firing()) !== undefined);
        const { annotations: generated } = (await firing())!;
        expect(generated).toMatchObject(annotations);
        const known = await alertmanager!.alerts();
        const own = known.filter((alert) => alert.labels['alertname'] === 'FindingUnattended');
        expect(own.map((alert) => alert.labels)).toEqual([labels]);
        expect(new Set(heard.map((alert) => JSON.stringify(alert.labels))).size).toBe(1);
      });

      test('resolves for its owner once it is repaired', async () => {
        backstage.faults = {};
        await until(async () => !(await findings(service!)).includes('CatalogUnreadable'));
        await until(() => heard.at(-1)!.status === 'resolved');
        expect(heard.at(-1)).toMatchObject({ status: 'resolved', labels });
        await until(async () => (await firing()) === undefined);
      });
    });
  },
);
