import { expect, test } from '@jest/globals';
import { alertNews, alertSubject, alertTitle, isAbout, serviceOf } from '../../../src/ui/words/alert-words.js';
import { alert } from '../made-up-world.js';

test('an alert’s name is read as words', () => {
  expect(alertTitle('ErrorBudgetBurnFast')).toBe('Error budget burn fast');
  expect(alertTitle('MeshsloWatchdog')).toBe('Meshslo watchdog');
  expect(alertTitle('SliDataMissing')).toBe('SLI data missing');
  expect(alertTitle('TrafficWithoutSlo')).toBe('Traffic without SLO');
});

test('an alert of meshslo itself is about no service', () => {
  const own = alert({ cluster: null, namespace: null, service: null, slo: null });
  expect(alertSubject(own)).toBe('meshslo');
  expect(serviceOf(own)).toBeUndefined();
  expect(isAbout(own, { cluster: 'berlin', namespace: 'shop', service: 'cart' })).toBe(false);
});

test('a summary does not name again what stands beside it', () => {
  expect(alertNews(alert({ summary: 'shop/recommendations availability burns 48x' }))).toBe('burns 48x');
  expect(alertNews(alert({ slo: null, summary: 'shop/recommendations is not read' }))).toBe('is not read');
  expect(alertNews(alert({ summary: 'something else' }))).toBe('something else');
  expect(alertNews(alert({ summary: null }))).toBeNull();
});
