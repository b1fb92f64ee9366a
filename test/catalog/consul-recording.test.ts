import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { instancesOf, serviceNames } from '../../src/catalog/consul/consul-answers.js';
import { pauseSeconds } from '../../src/catalog/consul/consul-place.js';

const file = '../shared/fixtures/consul/health-service_README_JoergM.md';

(existsSync(file) ? test : test.skip)('a health answer of a real Consul is read, its critical check too', () => {
  const text = readFileSync(file, 'utf8');
  const json = /^\[\n[\s\S]*?^\]/m.exec(text)![0];
  const [instance] = instancesOf(JSON.parse(json));
  expect(instance).toMatchObject({ isPassing: false, sidecarOf: undefined });
  expect(instance!.address).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
});

test('entries that make no sense are left out, an answer that is no list is refused', () => {
  expect(instancesOf([{ Node: {} }, null, 7])).toEqual([]);
  expect(() => instancesOf({})).toThrow(expect.objectContaining({ code: 'body-malformed' }));
  expect(() => serviceNames([])).toThrow(expect.objectContaining({ code: 'body-malformed' }));
  expect(serviceNames({ web: [], consul: [], 'a/b é': ['x'] })).toEqual(['a/b é', 'web']);
});

test.each([
  [0.02, 1, 'Consul asks for a pause, however quick it is'],
  [0.5, 4.5, 'a tenth of the time is for reading'],
  [4, 15, 'nothing is older than the interval'],
])('after a reading of %d s it is left alone for %d s: %s', (took, pause) => {
  expect(pauseSeconds(took, 15)).toBe(pause);
});
