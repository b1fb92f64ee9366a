import { describe, expect, test } from '@jest/globals';
import type { RuleFile } from '../../../src/generate/rules/rule-file.js';
import { describeWith } from '../../support/programs.js';
import { madeUpSlo, recordingOf } from './made-up-slos.js';
import { promtoolFindings } from './promtool.js';

const labels = {
  reporter: 'destination',
  destination_service_name: 'cart',
  destination_service_namespace: 'shop',
  destination_cluster: 'Kubernetes',
  response_flags: '-',
  source_workload: 'web',
};

function requests(instance: string, code: string, values: string) {
  const all = { job: 'sidecars', instance, ...labels, response_code: code };
  return { series: `istio_requests_total${braced(all)}`, values };
}

function uptime(instance: string, values: string) {
  return { series: `envoy_server_uptime${braced({ job: 'sidecars', instance })}`, values };
}

function braced(all: Readonly<Record<string, string>>): string {
  return `{${Object.entries(all)
    .map(([name, value]) => `${name}="${value}"`)
    .join(',')}}`;
}

/** Without a delay, so that a sample counts in the minute that it is in. */
const minutesOnly: RuleFile = (() => {
  const file = recordingOf([madeUpSlo()], { delaySeconds: 0 });
  return { ...file, groups: file.groups.slice(0, 1) };
})();
const wholeFile = recordingOf([madeUpSlo()], { delaySeconds: 0 });

const sli = '{cluster="eu-1",namespace="shop",service="cart",sli="istio/server"}';

function events(kind: string, window: string, at: string, value: number | undefined) {
  const metric = `service_sli:${kind}:${window}`;
  return {
    expr: metric,
    eval_time: at,
    exp_samples: value === undefined ? [] : [{ labels: `${metric}${sli}`, value }],
  };
}

describeWith('promtool', 'events of a minute', (promtool) => {
  function findings(
    ...given: Parameters<typeof promtoolFindings> extends [string, unknown, ...infer Rest] ? Rest : never
  ) {
    return promtoolFindings(promtool, [minutesOnly], ...given);
  }

  test('are the growth of all proxies: 4 scrapes of 10 here, 4 of 5 there', () => {
    const input = [
      uptime('a', '1000+15x40'),
      uptime('b', '1000+15x40'),
      requests('a', '200', '500+10x40'),
      requests('b', '200', '70+5x40'),
    ];
    const expected = [
      events('events', 'delta1m', '5m', 60),
      events('bad_events', 'delta1m', '5m', 0),
      // Both samples of a closed range would be six minutes.
      events('events', 'sum5m', '9m', 300),
    ];
    expect(findings(input, expected)).toBe('');
  });

  describe('are made of what was read', () => {
    const labels = 'sli="istio/server"';
    const cart = `cluster="eu-1",namespace="shop",service="cart",${labels},job="sidecars",instance="a"`;
    const heldOf = (more: string, values: string) => ({ series: `service_target:good_events:held{${more}}`, values });
    /** Steps of 15 seconds; 40 requests a minute, read up to the fifth and never marked as ended, as after an error. */
    const held = [
      heldOf(`${cart},moment="now"`, '0 _x3 40 _x3 80 _x3 120 _x3 160 _x3 200'),
      heldOf(`${cart},moment="before"`, '_x4 0 _x3 40 _x3 80 _x3 120 _x3 160'),
    ];
    const without = (...records: readonly string[]): RuleFile => ({
      ...minutesOnly,
      groups: minutesOnly.groups.map((group) => ({
        ...group,
        rules: group.rules.filter((rule) => !('record' in rule && records.some((end) => rule.record.endsWith(end)))),
      })),
    });

    test('in this minute, not in the one before', () => {
      const at = heldOf(`${labels},moment="at"`, '0 _x3 60 _x3 120 _x3 180 _x3 240 _x3 300');
      const expected = [events('events', 'delta1m', '5m', 40), events('events', 'delta1m', '6m', undefined)];
      expect(promtoolFindings(promtool, [without(':held')], [...held, at], expected)).toBe('');
    });

    test('an evaluation ago, where rules see late what others recorded', () => {
      const late = '_x4 0 _x3 60 _x3 120 _x3 180 _x3 240';
      const given = [
        ...held,
        heldOf(`${labels},moment="at"`, late),
        { series: 'meshslo:minute:timestamp_seconds', values: late },
      ];
      const expected = [events('events', 'delta1m', '5m', 40)];
      expect(promtoolFindings(promtool, [without(':held', ':timestamp_seconds')], given, expected)).toBe('');
    });
  });

  test('hold the first error that a proxy ever has, and forget none when the series ends', () => {
    const input = [
      uptime('a', '1000+15x40'),
      requests('a', '200', '500+10x40'),
      requests('a', '503', `${'_ '.repeat(21)}1 1 1 stale`),
    ];
    // Sample 21 is at 5m15s.
    expect(findings(input, [events('bad_events', 'delta1m', '5m', 0), events('bad_events', 'delta1m', '6m', 1)])).toBe(
      '',
    );
  });

  test('count the requests of a pod up to its last scrape', () => {
    // 5m15s and 5m30s are its last, with 10 requests each since the one before.
    const input = [uptime('a', '1000+15x22 stale'), requests('a', '200', '500+10x22 stale')];
    expect(findings(input, [events('events', 'delta1m', '6m', 20), events('events', 'delta1m', '7m', undefined)])).toBe(
      '',
    );
  });

  test('survive a restart in place: what came after it counts in full, what came in the same minute before it is lost', () => {
    // At 5m: 700; at 5m15s 710, at 5m30s 720; begins again: 3 at 5m45s, 13 at 6m.
    const input = [uptime('a', '1000+15x22 2+15x20'), requests('a', '200', '500+10x22 3+10x20')];
    expect(findings(input, [events('events', 'delta1m', '6m', 13), events('events', 'delta1m', '7m', 40)])).toBe('');
  });

  test('are not lost by a failed scrape, nor by four minutes without one', () => {
    const failed = `500+10x20 stale ${'_ '.repeat(14)}`;
    // After 5m (700) the next sample is at 9m: 860.
    const input = [
      uptime('a', `1000+15x20 stale ${'_ '.repeat(14)} 1540+15x10`),
      requests('a', '200', `${failed} 860+10x10`),
    ];
    expect(
      findings(input, [events('events', 'delta1m', '7m', undefined), events('events', 'delta1m', '9m', 160)]),
    ).toBe('');
  });

  test('are none for an old proxy that is seen for the first time, and all for a young one', () => {
    const input = [
      uptime('old', '_x19 90000+15x40'),
      requests('old', '200', '_x19 1000000+10x40'),
      uptime('young', '_x19 20+15x40'),
      requests('young', '503', '_x19 7+0x40'),
    ];
    // First seen at 5m; then 10 every 15 seconds.
    expect(
      findings(input, [
        events('events', 'delta1m', '5m', 7),
        events('bad_events', 'delta1m', '5m', 7),
        events('events', 'delta1m', '6m', 40),
      ]),
    ).toBe('');
  });

  test('belong to the service by its real name, whatever that holds, and to no other', () => {
    const odd = String.raw`ca\"rt}\n{ü`;
    const input = [
      uptime('a', '1000+15x40'),
      {
        series: `istio_requests_total${braced({ ...labels, instance: 'a', job: 'sidecars', response_code: '200', destination_service_name: odd, destination_cluster: 'us-2' })}`,
        values: '0+10x40',
      },
      requests('a', '200', '0+1x40'),
    ];
    const metric = 'service_sli:events:delta1m';
    expect(
      findings(input, [
        {
          expr: metric,
          eval_time: '5m',
          exp_samples: [
            { labels: `${metric}${sli}`, value: 4 },
            { labels: `${metric}{cluster="us-2",namespace="shop",service="${odd}",sli="istio/server"}`, value: 40 },
          ],
        },
      ]),
    ).toBe('');
  });
});

describeWith('promtool', 'five minutes', (promtool) => {
  test('are five also where they are summed up before the last one is written', () => {
    const input = [uptime('a', '1000+15x140'), requests('a', '200', '500+10x140')];
    const busy: RuleFile = { ...wholeFile, groups: [...wholeFile.groups].reverse() };
    const expected = [wholeFile, busy].map((file) => ({ file, events: events('events', 'delta5m', '15m', 200) }));
    for (const { file, events } of expected) expect(promtoolFindings(promtool, [file], input, [events])).toBe('');
  });
});

describeWith('promtool', 'a gap of twenty minutes', (promtool) => {
  // 500 at 0, 700 at 5m, then nothing until 25m: 1500, of which 40 failed.
  const hole = `stale ${'_ '.repeat(78)}`;
  const input = [
    uptime('a', `1000+15x20 ${hole} 2500+15x60`),
    requests('a', '200', `500+10x20 ${hole} 1460+10x60`),
    requests('a', '503', `0+0x20 ${hole} 40+0x60`),
  ];

  test('fills no minute, but the five minutes in which it ends', () => {
    const expected = [
      events('events', 'delta1m', '25m', undefined),
      events('events', 'delta1m', '26m', 40),
      // Minutes are read half a minute later, when they are surely written.
      events('events', 'unplaced5m', '30m', 800),
      events('bad_events', 'unplaced5m', '30m', 40),
    ];
    expect(promtoolFindings(promtool, [wholeFile], input, expected)).toBe('');
  });
});

describeWith('promtool', 'a gap of twenty minutes of a mesh that tells when its processes started', (promtool) => {
  const file = recordingOf([madeUpSlo({ mesh: 'linkerd2' })], { delaySeconds: 0 });
  const hole = `stale ${'_ '.repeat(78)}`;
  const target = { job: 'proxies', instance: 'a' };
  const own = braced({
    ...target,
    direction: 'inbound',
    classification: 'success',
    namespace: 'shop',
    service: 'cart',
  });
  const startedAt = (values: string) => ({ series: `process_start_time_seconds${braced(target)}`, values });
  const unplaced = (value: number) => ({
    expr: 'service_sli:events:unplaced5m',
    eval_time: '30m',
    exp_samples: [{ labels: `service_sli:events:unplaced5m${sli.replace('istio', 'linkerd2')}`, value }],
  });
  // 500 at 0, 700 at 5m, then nothing until 25m: 1500.
  const requests = { series: `response_total${own}`, values: `500+10x20 ${hole} 1500+10x60` };

  test('counts what the same process counted meanwhile', () => {
    const input = [startedAt(`-1000x20 ${hole} -1000x60`), requests];
    expect(promtoolFindings(promtool, [file], input, [unplaced(800)])).toBe('');
  });

  test('counts all that another process has counted', () => {
    const input = [startedAt(`-1000x20 ${hole} 600x60`), requests];
    expect(promtoolFindings(promtool, [file], input, [unplaced(1500)])).toBe('');
  });
});

describe('late samples', () => {
  test('every raw series is read behind the delay', () => {
    const late = recordingOf([madeUpSlo()], { delaySeconds: 60 });
    const text = JSON.stringify(late);
    expect(text).not.toContain('"offsetSeconds":0');
    expect(text).toContain('"offsetSeconds":60');
  });
});
