import { expect, test } from '@jest/globals';
import { workloadByName } from '../../src/domain/workload.js';

test.each([
  ['cart-v1-7d9c5b6f4x-zk2vp', 'deployment', 'cart-v1'],
  ['cart-v1-7d9c5b6f4x-abcde', 'deployment', 'cart-v1-7d9c5b6f4x-abcde'],
  ['store-0', 'statefulset', 'store'],
  ['store-12', 'statefulset', 'store'],
  ['agent-x7k2p', 'daemonset', 'agent'],
  ['cart', 'deployment', 'cart'],
])('%s is made by the %s %s', (pod, kind, name) => {
  expect(workloadByName(pod)).toEqual({ kind, name });
});
