import { describe, expect, test } from '@jest/globals';
import { scrapeLagging, targetAlerts } from '../../src/alerting/scrape-alerts.js';
import { noon, target } from '../server/made-up-reader.js';

const links = { page: undefined, runbooks: 'https://runbooks.example/{alert}', dashboards: undefined };
const context = { cluster: 'berlin', links, now: noon, startedAt: noon - 86_400 };
const cart = { cluster: 'berlin', namespace: 'shop', name: 'cart' };
const failure = { code: 'target-unreachable' as const, message: 'connection refused', hint: undefined };
const ownerOf = () => 'team-shop';
const gone = (seconds: number) => ({ up: false, lastSuccessAt: noon - seconds, failure });

describe('a target that does not answer any more', () => {
  test('is lost after ten minutes, under the name of its service', () => {
    expect(targetAlerts([target({ services: [cart], ...gone(599) })], context, ownerOf)).toEqual([]);
    const [alert] = targetAlerts(
      [target({ services: [cart], ...gone(600) }), target({ services: [cart] })],
      context,
      ownerOf,
    );
    expect(alert).toMatchObject({
      name: 'ScrapeTargetLost',
      severity: 'ticket',
      labels: { cluster: 'berlin', namespace: 'shop', service: 'cart', owner: 'team-shop' },
      annotations: {
        summary: '1 target of shop/cart cannot be read',
        runbook_url: 'https://runbooks.example/ScrapeTargetLost',
      },
    });
    expect(alert!.annotations['description']).toContain('(connection refused): no good answer for 10 minutes or more');
  });

  test('is one of many in one alert, of which three are named', () => {
    const targets = Array.from({ length: 40 }, () => target({ services: [cart], ...gone(900) }));
    const [alert, ...rest] = targetAlerts(targets, context, ownerOf);
    expect(rest).toEqual([]);
    expect(alert!.annotations['summary']).toBe('40 targets of shop/cart cannot be read');
    expect(alert!.annotations['description']).toContain('and 37 more');
  });

  test('that never did is told under the name of its job', () => {
    const [alert] = targetAlerts([target({ services: [], up: false, lastSuccessAt: undefined })], context, ownerOf);
    expect(alert!.labels).toEqual({ cluster: 'berlin', job: 'istio' });
  });

  test('has ten minutes from the start of meshslo on', () => {
    const started = { ...context, startedAt: noon - 300 };
    expect(targetAlerts([target({ services: [cart], ...gone(7200) })], started, ownerOf)).toEqual([]);
  });
});

describe('meshslo lags', () => {
  const isLagging = (late: number, targets = [target()], startedAt = context.startedAt): boolean =>
    scrapeLagging(targets, noon - late, { ...context, startedAt }).length > 0;

  test('when two slots are missing', () => {
    expect(isLagging(60)).toBe(false);
    expect(isLagging(179)).toBe(false);
    expect(isLagging(180)).toBe(true);
    expect(scrapeLagging([], undefined, context)[0]).toMatchObject({ name: 'MeshsloScrapeLagging', severity: 'page' });
  });

  test('when one target of ten and more has not had its turn', () => {
    const of = (waiting: number) =>
      Array.from({ length: 10 }, (_, index) => target(index < waiting ? { lastScrapeAt: noon - 151 } : {}));
    expect(isLagging(60, of(1))).toBe(false);
    expect(isLagging(60, of(2))).toBe(true);
  });

  test('but not for what is older than its start', () => {
    expect(isLagging(4000, [], noon - 100)).toBe(false);
    expect(isLagging(4000, [], noon - 179)).toBe(false);
    expect(isLagging(4000, [], noon - 181)).toBe(true);
  });
});
