import { burnFactor, isReachable } from '../../domain/burn-step.js';
import { formatDuration } from '../../domain/duration.js';
import { percentInWords } from '../../domain/in-words.js';
import { good, named } from './finding.js';
import type { LiveFinding } from './finding.js';
import type { MeshNeeds, NeededSlo } from './live-needs.js';

/** Whether every SLO can alert at all: a burn rate beyond its largest possible one would be waited for in vain. */
export function checkSteps(meshes: readonly MeshNeeds[]): readonly LiveFinding[] {
  const slos = meshes.flatMap((mesh) => mesh.slos);
  const mute = (['page', 'ticket'] as const).flatMap((severity) => {
    const without = slos.filter((slo) => (severity === 'ticket' || slo.pages) && reachable(slo, severity).length === 0);
    return without.length === 0 ? [] : [muteFinding(severity, without)];
  });
  return mute.length > 0
    ? mute
    : [good('thresholds', `every SLO can page and make tickets (${slos.length} looked at)`)];
}

function reachable({ policy, windowSeconds, objective }: NeededSlo, severity: 'page' | 'ticket') {
  return policy.steps.filter(
    (step) => step.severity === severity && isReachable(burnFactor(step, windowSeconds), objective),
  );
}

function muteFinding(severity: 'page' | 'ticket', slos: readonly NeededSlo[]): LiveFinding {
  const [{ objective, windowSeconds, policy }] = slos as [NeededSlo];
  const example = `policy ${policy.name} for ${percentInWords(objective)} over ${formatDuration(windowSeconds)}`;
  const names = named(slos.map(({ name }) => name));
  return {
    verdict: 'warning',
    code: 'threshold-out-of-reach',
    message: `no ${severity} can ever come for ${names}: more than all requests would have to fail (${example})`,
    hint: 'choose a policy with longer windows, or a higher objective',
  };
}
