import { Failure } from '../../domain/failure.js';
import type { Answer } from '../answer.js';
import type { Difference, InstanceFacts } from '../differences.js';
import type { EndpointClient } from '../endpoint-client.js';
import { instancesDisagree } from '../findings/instance-findings.js';
import type { Scope } from '../findings/scope.js';
import type { InstanceLook } from '../instance-watch.js';
import { type KnownEndpoints, readGlobalSnapshot, readState } from './envoy-control-answers.js';

/** What one instance knows of services: as they came from Consul, and as it sends them. */
export interface Known {
  readonly state: KnownEndpoints;
  readonly snapshot: KnownEndpoints;
}

/** @throws Failure of any kind that a target can have */
export async function askInstance(client: EndpointClient): Promise<Known> {
  const state = readState((await client.json('/state')).value);
  const snapshot = readGlobalSnapshot((await client.json('/snapshot-global')).value);
  if (!state || !snapshot)
    throw new Failure('body-malformed', '/state or /snapshot-global is not what envoy-control answers');
  return { state, snapshot };
}

/** What instances should know alike; those that have told nothing are left out. */
export function factsOf(looks: readonly InstanceLook<Known>[]): readonly InstanceFacts[] {
  return looks.flatMap(({ client, told }) => {
    if (!told) return [];
    const facts = [
      ...[...told.state].map(([service, endpoints]) => [`state ${service}`, endpoints] as const),
      ...[...told.snapshot].map(([service, endpoints]) => [`snapshot ${service}`, endpoints] as const),
    ];
    return [{ address: client.address, facts: new Map(facts) }];
  });
}

const action =
  'An instance that knows other endpoints than the others has lost a watch on Consul, or another data centre: see services_state_errors of it, then restart it.';

/** One finding, whatever the number of services: instances differ, and that is what somebody has to repair. */
export function disagreement(scope: Scope, differences: readonly Difference[]): Answer<readonly string[]> {
  const judged = ['InstancesDisagree'] as const;
  const [first] = differences;
  if (!first) return { told: { told: [] }, findings: [], judged };
  const addresses = [...new Set(differences.flatMap(({ values }) => Object.keys(values)))].sort();
  const services = [...new Set(differences.map(({ what }) => what.slice(what.indexOf(' ') + 1)))].sort();
  const values = Object.fromEntries(addresses.map((address) => [address, countsAt(address, services, differences)]));
  const named = `${services.slice(0, 10).join(', ')}${services.length > 10 ? ` and ${services.length - 10} more` : ''}`;
  const seconds = Math.max(...differences.map((one) => one.seconds));
  const what = 'the endpoints of services';
  const finding = instancesDisagree(scope, { what, values, seconds, action, more: { services: named } });
  return { told: { told: [`the endpoints of ${named}`] }, findings: [finding], judged };
}

/** `cart: 3, web: 1`: how many endpoints of the first few services an instance knows. */
function countsAt(address: string, services: readonly string[], differences: readonly Difference[]): string {
  return services
    .slice(0, 5)
    .map((service) => {
      // What is sent counts more than what was read.
      const told = [`snapshot ${service}`, `state ${service}`].flatMap(
        (name) => differences.find(({ what }) => what === name)?.values[address] ?? [],
      );
      return `${service}: ${(told[0] ?? '').split(' ').filter(Boolean).length}`;
    })
    .join(', ');
}
