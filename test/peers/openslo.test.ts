import { describe, expect, test } from '@jest/globals';
import { differences, imported, refusals, sloLines } from './imported.js';

const search = 'reporter="destination", destination_service_name="search", destination_service_namespace="find"';

const metric = (matchers: string, more = ''): string =>
  `{ metricSource: { ${more}spec: { query: 'istio_requests_total{${search}${matchers}}' } } }`;

const sli = `apiVersion: openslo/v1
kind: SLI
metadata: { name: search-good }
spec: { ratioMetric: { counter: true, good: ${metric(', response_code!~"5.."')}, total: ${metric('')} } }
`;

function slo(spec: string, head = 'openslo/v1'): string {
  return `apiVersion: ${head}
kind: SLO
metadata: { name: search-availability }
spec:
  service: search
  ${spec.trim().replaceAll('\n', '\n  ')}
`;
}

const month = 'timeWindow: [{ duration: 28d, isRolling: true }]';

describe('a promise of OpenSLO', () => {
  test.each(['openslo/v1', 'openslo.com/v1'])('of %s finds its SLI and its owner in other documents', (head) => {
    const service = `apiVersion: openslo/v1\nkind: Service\nmetadata: { name: search, labels: { team: [team-find] } }\n`;
    const text = `${slo(`indicatorRef: search-good\n${month}\nobjectives: [{ target: 0.999 }]`, head)}---\n${sli}---\n${service}`;
    const made = imported(text);
    expect(made.files[0]!.text).toBe(`# Taken over by meshslo import. The format: docs/slo-files.md
service: find/search
owner: team-find
slos:
  # search-availability (file.yaml:8)
  availability: { objective: 99.9%, window: 28d }
`);
  });

  test('is found in a list of objects, with what it refers to', () => {
    const item = (text: string): string => `- ${text.trim().replaceAll('\n', '\n  ')}\n`;
    const items = [slo(`indicatorRef: search-good\n${month}\nobjectives: [{ target: 0.999 }]`, 'openslo.com/v1'), sli];
    const made = imported(`apiVersion: v1\nkind: List\nitems:\n${items.map(item).join('')}`);
    expect(sloLines(made)).toEqual(['availability: { objective: 99.9%, window: 28d }']);
    expect(made.files[0]!.text).toContain('(file.yaml:11)');
  });

  test('is one for each of its objectives', () => {
    const made = imported(
      `${slo(`indicatorRef: search-good\n${month}\nobjectives: [{ target: "0.99" }, { targetPercent: 99.9 }]`)}---\n${sli}`,
    );
    expect(sloLines(made)).toEqual([
      'availability: { objective: 99%, window: 28d }',
      'search-availability-2: { objective: 99.9%, window: 28d }',
    ]);
  });

  test('may be kept in slices of time, and by the calendar of a place', () => {
    const calendar =
      '{ duration: 1M, isRolling: false, calendar: { startTime: 2024-02-01 00:00:00, timeZone: Europe/Berlin } }';
    const made = imported(
      `${slo(`indicatorRef: search-good
budgetingMethod: Timeslices
timeWindow: [${calendar}]
objectives: [{ target: 0.995, timeSliceTarget: 0.95, timeSliceWindow: 5m }]`)}---\n${sli}`,
    );
    expect(sloLines(made)).toEqual([
      'availability: { objective: 99.5%, window: { calendar: month, time_zone: Europe/Berlin }, budgeting: { time_slices: 5m, slice_objective: 95% } }',
    ]);
    expect(differences(made).some((one) => one.includes('begin'))).toBe(false);
  });

  test('whose months begin on the 21st is taken, and that is said', () => {
    const calendar = '{ duration: 1M, calendar: { startTime: 2024-01-21 12:30:00, timeZone: UTC } }';
    const made = imported(
      `${slo(`indicatorRef: search-good\ntimeWindow: [{ isRolling: false, ${calendar.slice(2)}]\nobjectives: [{ target: 0.99 }]`)}---\n${sli}`,
    );
    expect(differences(made)).toContain(
      'its months begin as 2024-01-21 12:30:00 does; those of meshslo begin on the first, at midnight',
    );
  });

  test('leaves its alert policies behind, and says so', () => {
    const made = imported(
      `${slo(`indicatorRef: search-good\n${month}\nobjectives: [{ target: 0.99 }]\nalertPolicies: [{ alertPolicyRef: x }]`)}---\n${sli}`,
    );
    expect(differences(made)).toContain(
      'alert policies are not taken: when somebody is called comes from a policy of meshslo (standard)',
    );
  });

  test.each([
    [`indicatorRef: nowhere\n${month}\nobjectives: [{ target: 0.99 }]`, 'sli-missing'],
    [
      `indicatorRef: search-good\n${month}\nobjectives: [{ target: 0.99, compositeWeight: 1, indicatorRef: x }]`,
      'composite',
    ],
    [
      `indicatorRef: search-good\n${month}\nbudgetingMethod: RatioTimeslices\nobjectives: [{ target: 0.99 }]`,
      'ratio-of-slices',
    ],
    [
      `indicatorRef: search-good\n${month}\nbudgetingMethod: Timeslices\nobjectives: [{ target: 0.99, timeSliceTarget: 0.9, timeSliceWindow: 2m }]`,
      'bad-slice',
    ],
    [
      `indicatorRef: search-good\ntimeWindow: [{ duration: 1m, isRolling: true }]\nobjectives: [{ target: 0.99 }]`,
      'bad-window',
    ],
    [
      `indicatorRef: search-good\ntimeWindow: [{ duration: 1M, isRolling: true }]\nobjectives: [{ target: 0.99 }]`,
      'bad-window',
    ],
    [
      `indicatorRef: search-good\ntimeWindow: [{ duration: 1w, isRolling: true, calendar: { timeZone: UTC } }]\nobjectives: [{ target: 0.99 }]`,
      'bad-window',
    ],
    [`indicatorRef: search-good\n${month}\nobjectives: [{ target: 99.9 }]`, 'bad-objective'],
    [
      `indicator: { spec: { thresholdMetric: ${metric('')} } }\n${month}\nobjectives: [{ target: 0.99 }]`,
      'threshold-metric',
    ],
    [
      `indicator: { spec: { ratioMetric: { bad: ${metric('', 'type: Datadog, ')}, total: ${metric('')} } } }\n${month}\nobjectives: [{ target: 0.99 }]`,
      'other-source',
    ],
    [
      `indicator: { spec: { ratioMetric: { rawType: success, raw: ${metric('')} } } }\n${month}\nobjectives: [{ target: 0.99 }]`,
      'ready-made-ratio',
    ],
  ])('%s cannot be taken: %s', (spec, code) => {
    const made = imported(`${slo(spec)}---\n${sli}`);
    expect(refusals(made).map((one) => one.split(' ')[0])).toEqual([code]);
    expect(made.files).toEqual([]);
  });

  test.each(['openslo/v1alpha', 'openslo.com/v2alpha'])('of %s is not read', (head) => {
    expect(refusals(imported(slo('objectives: []', head)))).toEqual(['format-not-read at 1:1']);
  });
});
