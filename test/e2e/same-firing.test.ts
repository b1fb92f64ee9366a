import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type AlertName, alertNames } from '../../src/domain/alert-names.js';
import { smallEdge, smallMesh, smallService } from '../simulator/small-mesh.js';
import { describeWith } from '../support/programs.js';
import { disagreements } from './disagreements.js';
import { TwoWatchers } from './two-watchers.js';

const start = 1_795_168_800; // a whole hour
const minute = 60;
/** What was seen for an hour is missed when it is gone. */
const calm = 65;
const minutes = calm + 50;

/** Minutes: a delay, and a minute that is not summed up yet. */
const mostShift = 2;

/** Minutes of trouble, and the share of requests that fail meanwhile. */
const incidents = {
  calm: { rate: 20 },
  'fast-burn': { rate: 10, from: 10.4, lasts: 8, share: 1 },
  'slow-burn': { rate: 30, from: 5, lasts: 40, share: 0.012 },
  exhausted: { rate: 2, from: 12, lasts: 3, share: 0.5 },
  unlisted: { rate: 5 },
  lost: { rate: 5 },
} as const;
type Service = keyof typeof incidents;
const services = Object.keys(incidents) as readonly Service[];

/** What each incident is there to make fire. */
const shown: readonly (readonly [Service, AlertName])[] = [
  ['fast-burn', 'ErrorBudgetBurnFast'],
  ['slow-burn', 'ErrorBudgetBurnSlow'],
  ['exhausted', 'ErrorBudgetExhausted'],
  ['unlisted', 'SliDataMissing'],
  ['lost', 'ScrapeTargetLost'],
];
const alerts = shown.map(([, alert]) => alert);

/** The minute of an incident in which somebody reads the alert's runbook. */
const readAt: Readonly<Partial<Record<AlertName, number>>> = {
  ErrorBudgetBurnFast: 16,
  ErrorBudgetBurnSlow: 40,
  ErrorBudgetExhausted: 18,
  ScrapeTargetLost: 30,
  SliDataMissing: 30,
};

/** Where the other kinds are shown, or why only one of the two can tell. */
const shownElsewhere = {
  CoverageLow: 'takes six hours: same-coverage.test.ts',
  ObjectiveOutOfReach: 'generated only: the ledger does not know who calls whom',
  ControlPlanePushSlow: "generated only: meshslo does not read control planes' own counters",
  ControlPlanePushesFailing: 'generated only, likewise',
  ControlPlaneSaturated: 'generated only, likewise',
  ControlPlaneCertificateErrors: 'generated only, likewise',
  CertificateEnding: 'generated only, likewise',
  CertificateEndingNow: 'both, of certificates of proxies: test/generate/rules/same-alerts.test.ts',
  SidecarsOutOfSync: 'both, likewise',
  SidecarVersionDrift: 'both, likewise',
  ControlPlaneDown: 'both, likewise',
  ControlPlaneInstancesDisagree: 'both, likewise',
  ControlPlaneUnobserved: 'both, likewise',
  ClustersWarmingStuck: 'both, likewise',
  RegistryZombies: 'both, likewise',
  RegistryMassDeregistration: 'both, likewise',
  RegistryFlapping: 'both, likewise',
  RegistrySyncSlow: 'both, likewise',
  FindingUnattended: 'both, likewise',
  MeshsloWatchdog:
    'always fires, and each has one of its own: were they one, either would hide the silence of the other',
  MeshsloScrapeLagging: 'embedded only: about the running meshslo',
  MeshsloEvaluatorStuck: 'embedded only, likewise',
  MeshsloNotificationsFailing: 'embedded only, likewise',
  MeshsloRulesFailing: 'generated only: about the rules',
} as const satisfies Readonly<Partial<Record<AlertName, string>>>;

test('every kind of alert is shown here, or it is said where, or why by one only', () => {
  expect([...alerts, ...Object.keys(shownElsewhere)].sort()).toEqual([...alertNames].sort());
});

const model = smallMesh(undefined, {
  services: services.map((name) => smallService(name, { versions: [{ version: 'v1', replicas: 1 }] })),
  edges: services.map((name) => {
    const { rate, ...trouble } = incidents[name];
    const degradations =
      'share' in trouble
        ? [
            {
              firstSeconds: start + (calm + trouble.from) * minute,
              lastsSeconds: trouble.lasts * minute,
              shares: { 'server-error': trouble.share },
              slowdown: 1,
            },
          ]
        : [];
    return smallEdge(undefined, `shop/${name}`, {
      requestsPerSecond: rate,
      shares: { 'server-error': 0.0001 },
      degradations,
    });
  }),
});

describeWith('prometheus', 'one mesh, watched by the embedded evaluator and by generated rules in a Prometheus', () => {
  const watchers = new TwoWatchers({ model, start, services, scrapeSeconds: 15, alerts });
  const { embedded, generated } = watchers;
  /** `alert: query`, and how many series it has had: in a calm minute, and in the incident. */
  const asked: { readonly calm: Map<string, number>; readonly incident: Map<string, number> } = {
    calm: new Map(),
    incident: new Map(),
  };

  beforeAll(async () => {
    await watchers.open();
    const { observed } = watchers;
    for (let at = -calm; at < minutes - calm; at++) {
      if (at === 5) await observed.servers.setFault(watchers.podOf('lost'), 'refuse');
      if (at === 8) {
        observed.listed = observed.listed.filter(({ labels }) => labels['pod'] !== watchers.podOf('unlisted'));
      }
      await watchers.minute();
      for (const [service, alert] of shown) {
        const moment = at === -2 ? 'calm' : at === readAt[alert] ? 'incident' : undefined;
        if (moment === undefined) continue;
        for (const [query, series] of await watchers.askRunbook(alert, service)) {
          asked[moment].set(`${alert}: ${query}`, series);
        }
      }
    }
  }, 400_000);

  afterAll(() => watchers.close());

  test.each(services.flatMap((service) => alerts.map((alert) => ({ service, alert }))))(
    '$service: $alert fires in the same minutes of both',
    ({ service, alert }) => {
      const of = (firing: readonly ReadonlySet<string>[]): readonly boolean[] =>
        firing.map((set) => set.has(`${alert} ${service}`));
      expect(disagreements(of(generated), of(embedded), mostShift)).toEqual([]);
    },
  );

  test.each(shown.map(([, alert]) => alert))(
    'every query of the runbook of %s has an answer while it fires',
    (alert) => {
      const answered = [...asked.incident].filter(([query]) => query.startsWith(`${alert}:`));
      expect(answered.length).toBeGreaterThan(0);
      // Of data that is missing there is none: there is while all is well.
      const answers = alert === 'SliDataMissing' ? asked.calm : asked.incident;
      expect(answered.filter(([query]) => answers.get(query) === 0).map(([query]) => query)).toEqual([]);
      if (alert === 'SliDataMissing') expect(answered.map(([, amount]) => amount)).toContain(0);
    },
  );

  test.each(shown.map(([service, alert]) => ({ service, alert })))(
    '$alert is shown by $service, and did not fire before',
    ({ service, alert }) => {
      const fires = embedded.map((set) => set.has(`${alert} ${service}`));
      expect(fires.indexOf(true)).toBeGreaterThan(calm);
      expect(embedded.slice(0, calm).flatMap((set) => [...set])).toEqual([]);
    },
  );
});
