import type { Answer } from './answer.js';
import { instancesDisagree } from './findings/instance-findings.js';
import type { Scope } from './findings/scope.js';
import { HeldFor } from './held-for.js';

/** What one instance says of itself, by what it is about; what it does not tell is left out. */
export interface InstanceFacts {
  readonly address: string;
  readonly facts: ReadonlyMap<string, string>;
}

/** Something in which instances have differed for a while. */
export interface Difference {
  readonly what: string;
  /** By address. */
  readonly values: Readonly<Record<string, string>>;
  readonly seconds: number;
}

/** Finds what instances of one control plane tell differently, once they have done so for longer than they may. */
export class Differences {
  readonly #allowedSeconds: number;
  readonly #held = new HeldFor();

  constructor(allowedSeconds: number) {
    this.#allowedSeconds = allowedSeconds;
  }

  /** @param now of the clock that does not jump */
  look(instances: readonly InstanceFacts[], now: number): readonly Difference[] {
    const names = new Set(instances.flatMap(({ facts }) => [...facts.keys()]));
    const differing = [...names].sort().filter((what) => {
      const values = new Set(instances.flatMap(({ facts }) => facts.get(what) ?? []));
      return values.size > 1;
    });
    this.#held.look(now, differing);
    return differing
      .filter((what) => this.#held.seconds(what, now) > this.#allowedSeconds)
      .map((what) => ({
        what,
        seconds: this.#held.seconds(what, now),
        values: Object.fromEntries(
          instances.flatMap(({ address, facts }) => (facts.has(what) ? [[address, facts.get(what)!] as const] : [])),
        ),
      }));
  }
}

/** What instances differ in, each a finding; `action` is what to do about any of them. */
export function differenceAnswer(
  scope: Scope,
  differences: readonly Difference[],
  action: string,
): Answer<readonly string[]> {
  return {
    told: { told: differences.map(({ what }) => what) },
    findings: differences.map((difference) => instancesDisagree(scope, { ...difference, action })),
    judged: ['InstancesDisagree'],
  };
}
