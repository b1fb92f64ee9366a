import { counted, listed, serviceName } from '../words/names.js';
import { type AttentionParts, byService, type Ranked } from './ranked.js';

/** Alerts that people say called for nothing. */
export function noisy({ alerts }: AttentionParts): readonly Ranked[] {
  const fired = alerts.pages + alerts.tickets;
  if (alerts.noise < 3 || alerts.noise * 2 < fired) return [];
  return [
    {
      rank: 200,
      kind: 'noisy',
      title: `${alerts.noise} of ${counted(fired, 'alert')} called for nothing`,
      why: `Marked as noise: ${listed(alerts.byName.filter(({ noise }) => noise > 0).map(({ name, noise }) => `${name} ${noise}`))}.`,
      action: 'Promise what users need and no more, or give these SLOs another alert policy.',
      owner: undefined,
      service: undefined,
    },
  ];
}

/** Critical findings that nobody has resolved. */
export function openFindings({ findings = [] }: AttentionParts): readonly Ranked[] {
  return findings
    .filter(({ severity, resolvedAt }) => severity === 'critical' && resolvedAt === undefined)
    .slice(0, 2)
    .map(({ summary, action, owner, kind }) => ({
      rank: 420,
      kind: 'finding',
      title: summary,
      why: `A finding that is still open: ${kind}.`,
      action,
      owner,
      service: undefined,
    }));
}

/** Services that nobody is told of. */
export function nobody({ slos, scope }: AttentionParts): readonly Ranked[] {
  const unowned = byService(slos.filter(({ slo }) => slo.owner === undefined));
  if (scope.kind !== 'organisation' || unowned.length === 0 || unowned.length === byService(slos).length) return [];
  return [
    {
      rank: 100,
      kind: 'nobody',
      title: `${counted(unowned.length, 'service')} ${unowned.length === 1 ? 'has' : 'have'} no owner`,
      why: `Nobody is told of ${listed(unowned.map(([one]) => serviceName(one!.slo.service)))}.`,
      action: 'Name an owner in meshslo.yaml (owners), in an SLO file or in the catalogue.',
      owner: undefined,
      service: undefined,
    },
  ];
}
