import type { EpochSeconds } from '../../domain/clock.js';
import type { Failure } from '../../domain/failure.js';
import type { Finding } from '../../domain/finding.js';
import { spanInWords } from '../../domain/in-words.js';
import { isAnswer } from '../endpoint-client.js';
import { type Scope, subjectOf, titleOf } from './scope.js';

/** An instance that does not answer, or somebody in its place who answers something else. */
export function controlPlaneDown(
  scope: Scope,
  { address, failure, since }: { readonly address: string; readonly failure: Failure; readonly since: EpochSeconds },
): Finding {
  const { message } = failure;
  const [what, why] = isAnswer(failure)
    ? [
        'does not answer as it should',
        'See whether its address and port are right (control_planes: instances), and what stands before it.',
      ]
    : ['does not answer', 'See why it does not run or cannot be reached.'];
  return {
    ...down(scope, address, message),
    summary: `${titleOf(scope)}: the instance at ${address} ${what} (${message})`,
    action: `${why} Proxies go on with what they have; they hear of no change while no instance answers.`,
    since,
  };
}

/** A control plane of which no instance is listed. */
export function noInstances(scope: Scope, trouble: string): Finding {
  return {
    ...down(scope, 'no known address', trouble),
    summary: `${titleOf(scope)}: no instance is known (${trouble})`,
    action:
      'See what control_planes: instances names, and why it cannot be read or is empty: nobody is asked until then.',
    since: undefined,
  };
}

/** Servers that have elected nobody. */
export function leaderless(scope: Scope, since: EpochSeconds): Finding {
  const trouble = 'no server leads';
  return {
    ...down(scope, 'leader', trouble),
    summary: `${titleOf(scope)}: ${trouble}`,
    action:
      'A majority of its servers elects a leader: see which are down or cut off from the others. Until then nothing is registered, and nothing changes.',
    since,
  };
}

function down(
  scope: Scope,
  instance: string,
  trouble: string,
): Pick<Finding, 'kind' | 'subject' | 'owner' | 'evidence'> {
  return {
    kind: 'ControlPlaneDown',
    subject: { ...subjectOf(scope), instance },
    owner: scope.owner,
    evidence: { instance, trouble },
  };
}

/** What asks has no right to. `how` says what to configure, in the words of that control plane. */
export function controlPlaneForbidden(
  scope: Scope,
  {
    addresses,
    trouble,
    how,
  }: { readonly addresses: readonly string[]; readonly trouble: string; readonly how: string },
): Finding {
  return {
    kind: 'ControlPlaneForbidden',
    subject: subjectOf(scope),
    owner: scope.owner,
    summary: `${titleOf(scope)} lets meshslo see nothing at ${addresses.join(', ')}: ${trouble}`,
    evidence: { instances: addresses.join(', '), trouble },
    action: how,
    since: undefined,
  };
}

/** Nobody tells how proxies stand, although the control plane answers. `where` are those that should. */
export function syncUnreadable(
  scope: Scope,
  {
    where,
    trouble,
    action,
    since,
  }: { readonly where: string; readonly trouble: string; readonly action: string; readonly since: EpochSeconds },
): Finding {
  return {
    kind: 'SyncUnreadable',
    subject: subjectOf(scope),
    owner: scope.owner,
    summary: `nobody can tell whether proxies of ${titleOf(scope)} are in sync: ${trouble} (${where})`,
    evidence: { where, trouble },
    action,
    since,
  };
}

/** A release that nobody has read the sources of. */
export function unknownVersion(
  scope: Scope,
  version: string,
  known: { readonly from: string; readonly until: string },
): Finding {
  return {
    kind: 'UnknownVersion',
    subject: { ...subjectOf(scope), version },
    owner: scope.owner,
    summary: `${titleOf(scope)} says that it is ${version}; meshslo knows ${known.from} to ${known.until}`,
    evidence: { version, known: `${known.from} to ${known.until}` },
    action: 'What it tells is read as that of the nearest known release: compare a figure or two before you trust it.',
    since: undefined,
  };
}

/** Instances that tell their proxies different things; `what` is what differs, in words that stay while it lasts. */
export function instancesDisagree(
  scope: Scope,
  {
    what,
    values,
    seconds,
    action,
    more = {},
  }: {
    readonly what: string;
    /** By address. */
    readonly values: Readonly<Record<string, string>>;
    /** Evidence beside that. */
    readonly more?: Readonly<Record<string, string>>;
    readonly seconds: number;
    readonly action: string;
  },
): Finding {
  const told = Object.entries(values).map(([address, value]) => `${value} at ${address}`);
  return {
    kind: 'InstancesDisagree',
    subject: { ...subjectOf(scope), what },
    owner: scope.owner,
    summary: `instances of ${titleOf(scope)} have differed in ${what} for ${spanInWords(seconds)}: ${told.join(', ')}`,
    evidence: { ...values, ...more },
    action,
    since: undefined,
  };
}
