import type { Ledger } from '../ledger/ledger.js';
import type { CoverageOfWeek } from './week-surroundings.js';
import type { ReportPeriod } from './week-report.js';
import type { SloWeek } from './slo-week.js';

/** Seen for less than this, an SLO is told of. */
const fullCoverage = 0.999;

const mostGaps = 5;
const mostPartly = 10;

/** What nobody saw of the SLOs of a scope. */
export function coverageOfWeek(
  ledger: Pick<Ledger, 'gaps' | 'extent' | 'importedUntil'>,
  { from, knownUntil }: Pick<ReportPeriod, 'from' | 'knownUntil'>,
  slos: readonly SloWeek[],
): CoverageOfWeek {
  // The time before meshslo first ran is no gap.
  const begin = Math.max(from, ledger.extent()?.from ?? knownUntil);
  const gaps = ledger.gaps({ from: begin, to: Math.max(begin, knownUntil) });
  const known = slos
    .filter(({ firstSeen }) => firstSeen !== undefined && firstSeen < knownUntil)
    .map((slo) => ({ slo, seconds: knownUntil - Math.max(from, slo.firstSeen!) }));
  const seconds = known.reduce((sum, one) => sum + one.seconds, 0);
  const observed = known.reduce((sum, one) => sum + one.seconds * one.slo.week.coverage, 0);
  const partly = known
    .filter(({ slo }) => slo.week.coverage < fullCoverage)
    .map(({ slo: { id, slo, week } }) => ({ id, service: slo.service, slo: slo.name, coverage: week.coverage }))
    .sort((a, b) => a.coverage - b.coverage || (a.id < b.id ? -1 : 1));
  return {
    ratio: seconds === 0 ? undefined : observed / seconds,
    gaps: [...gaps].sort((a, b) => b.to - b.from - (a.to - a.from) || a.from - b.from).slice(0, mostGaps),
    gapSeconds: gaps.reduce((sum, gap) => sum + gap.to - gap.from, 0),
    partly: partly.slice(0, mostPartly),
    partlyCount: partly.length,
    importedUntil: ledger.importedUntil(),
    importedCount: slos.filter(({ week }) => (week.imported ?? 0) > 0).length,
  };
}
