import { parse } from 'yaml';
import { formatDuration } from '../domain/duration.js';
import type { Window } from '../domain/window.js';
import { visible, visibleJson } from '../documents/visible.js';
import { serviceText } from './taken-slo.js';
import type { NamedSlo, ServiceName, TakenService } from './taken-slo.js';

/** What a file leaves out, because it holds anyway. */
export interface UsualTerms {
  /** The window of an SLO of this name of this service where its file says none. */
  windowOf(service: TakenService, sloName: string): Window;
}

/** The name of a service's file: the same for no two of them. */
export function fileNameOf(service: ServiceName): string {
  const parts = serviceText(service).split('/');
  return `${parts.map((part) => encodeURIComponent(part).replaceAll('.', '%2E').replaceAll('*', '%2A')).join('.')}.yaml`;
}

/**
 * The SLO file of one service. The same promises give the same bytes.
 *
 * @param placeOf where a promise comes from, as a comment says it
 * @see docs/slo-files.md
 */
export function sloFileText(
  service: TakenService,
  usual: UsualTerms,
  placeOf: (slo: NamedSlo) => string,
  windowOf: (slo: NamedSlo) => Window,
): string {
  const lines = [
    '# Taken over by meshslo import. The format: docs/slo-files.md',
    `service: ${scalar(serviceText(service))}`,
    ...(service.owner === undefined ? [] : [`owner: ${scalar(service.owner)}`]),
    ...(service.mesh === undefined ? [] : [`mesh: ${scalar(service.mesh)}`]),
    'slos:',
    ...service.slos.flatMap((slo) => [
      `  # ${comment(`${placeOf(slo)}${slo.from.description === undefined ? '' : `: ${slo.from.description}`}`)}`,
      `  ${scalar(slo.sloName)}: { ${termsOf(slo, usual.windowOf(service, slo.sloName), windowOf(slo)).join(', ')} }`,
    ]),
  ];
  return `${lines.join('\n')}\n`;
}

function termsOf({ from, promise }: NamedSlo, usual: Window, window: Window): readonly string[] {
  const { indicator, perspective, filter } = promise;
  const filters = (['caller', 'version', 'method'] as const).flatMap((key) =>
    filter[key] === undefined ? [] : [`${key}: ${scalar(filter[key])}`],
  );
  const { budgeting } = from;
  return [
    `objective: ${percent(from.objective)}`,
    ...(indicator.kind === 'latency' ? [`threshold: ${formatDuration(indicator.thresholdSeconds)}`] : []),
    ...(JSON.stringify(window) === JSON.stringify(usual) ? [] : [`window: ${windowText(window)}`]),
    ...(perspective === undefined ? [] : [`perspective: ${perspective}`]),
    ...(filters.length === 0 ? [] : [`filter: { ${filters.join(', ')} }`]),
    ...(budgeting.method === 'occurrences'
      ? []
      : [
          `budgeting: { time_slices: ${formatDuration(budgeting.sliceSeconds)}, slice_objective: ${percent(budgeting.sliceObjective)} }`,
        ]),
    ...(from.pages ? [] : ['alerts: { pages: off }']),
  ];
}

function windowText(window: Window): string {
  if (window.kind === 'rolling') return formatDuration(window.seconds);
  return `{ calendar: ${window.period}, time_zone: ${scalar(window.timeZone)} }`;
}

/** Every digit, and nothing of floating point. */
function percent(ratio: number): string {
  return `${Number((ratio * 100).toPrecision(12))}%`;
}

/** A text as YAML reads it back, between braces too. */
function scalar(text: string): string {
  const isPlain = /^[A-Za-z0-9][\w./+-]*$/.test(text) && parse(text) === text;
  return isPlain ? text : visibleJson(text);
}

const longestComment = 100;

function comment(text: string): string {
  const line = visible(text.replace(/\s+/g, ' ').trim());
  return line.length > longestComment ? `${line.slice(0, longestComment)}...` : line;
}
