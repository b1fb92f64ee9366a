import type { SloWeek, WeekFigures } from '../slo-week.js';

type Value = string | number | undefined;

/** Columns of the CSV, in their order; the name in the first line, and what stands below. */
const columns: readonly (readonly [title: string, value: (slo: SloWeek) => Value])[] = [
  ['cluster', ({ slo }) => slo.service.cluster],
  ['namespace', ({ slo }) => slo.service.namespace],
  ['service', ({ slo }) => slo.service.name],
  ['slo', ({ slo }) => slo.name],
  ['owner', ({ slo }) => slo.owner],
  ['tier', ({ slo }) => slo.tier],
  ['mesh', ({ slo }) => slo.mesh],
  ['perspective', ({ slo }) => slo.perspective],
  ['indicator', ({ slo }) => slo.indicator.kind],
  [
    'threshold_seconds',
    ({ slo }) => (slo.indicator.kind === 'availability' ? undefined : slo.indicator.thresholdSeconds),
  ],
  ['objective', ({ slo }) => slo.objective],
  ['budgeting', ({ slo }) => slo.budgeting.method],
  ['state', ({ state }) => state],
  ['state_before', ({ stateBefore }) => stateBefore],
  ...figures('week', ({ week }) => week),
  ...figures('last_week', ({ lastWeek }) => lastWeek),
  ...figures('four_weeks', ({ fourWeeks }) => fourWeeks),
  ...figures('window', ({ window }) => window),
  ['budget_allowed_events', ({ budget }) => budget?.allowedEvents],
  ['budget_spent_ratio', ({ budget }) => budget?.spentRatio],
  ['budget_spent_this_week_ratio', ({ budget }) => budget?.spentThisWeekRatio],
  ['budget_remaining_ratio', ({ budget }) => budget?.remainingRatio],
];

function figures(
  name: string,
  of: (slo: SloWeek) => WeekFigures,
): readonly (readonly [title: string, value: (slo: SloWeek) => Value])[] {
  return [
    [`${name}_total`, (slo) => of(slo).total],
    [`${name}_bad`, (slo) => of(slo).bad],
    [`${name}_coverage`, (slo) => of(slo).coverage],
    [`${name}_state`, (slo) => of(slo).state],
  ];
}

/** Every SLO, a line each. @see https://www.rfc-editor.org/rfc/rfc4180 */
export function sloCsv(slos: readonly SloWeek[]): string {
  const lines = [
    columns.map(([title]) => title),
    ...slos.map((slo) => columns.map(([, value]) => csvValue(value(slo)))),
  ];
  return lines.map((line) => `${line.join(',')}\r\n`).join('');
}

/** A text that a spreadsheet would take for a formula begins with an apostrophe. @see https://owasp.org/www-community/attacks/CSV_Injection */
function csvValue(value: Value): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const harmless = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
