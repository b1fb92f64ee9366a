import { countInWords, roundPercentInWords } from '../../domain/in-words.js';
import { migrationPhaseNames, migrationPhases } from '../../domain/catalog-service.js';
import type { WeekReport } from '../week-report.js';
import { durationInWords } from '../words/moments.js';
import { counted, listed } from '../words/names.js';
import { note } from './details.js';
import type { Block, Section } from './report-document.js';
import type { Words } from './words.js';

/** A part of the report, or the one sentence where there is no more to it. */
export type Told = Section | string;

/** What fired, and what people thought of it. */
export function alertsSection(report: WeekReport): Told {
  const { pages, tickets, noise, acknowledged, inhibited, byName } = report.alerts;
  if (pages + tickets === 0) {
    return isImported(report)
      ? 'Whether an alert would have fired is not known: the week is imported history.'
      : 'No alert fired.';
  }
  const noiseWords = noise === 0 ? 'none was marked as noise' : `${noise} marked as noise`;
  const held = inhibited === 0 ? '' : ` ${inhibited} called nobody, since a page of the same SLO was firing.`;
  return {
    title: 'Alerts',
    blocks: [
      {
        kind: 'paragraph',
        text: `${counted(pages, 'page')} and ${counted(tickets, 'ticket')}: ${noiseWords}, ${acknowledged} acknowledged.${held}`,
      },
      {
        kind: 'table',
        table: {
          caption: 'How often each alert fired, and how many of these people marked as noise',
          columns: [
            { title: 'Alert', align: 'left' },
            { title: 'Fired', align: 'right' },
            { title: 'Noise', align: 'right' },
          ],
          rows: byName.map(({ name, fired, noise: ofName }) => [
            { text: name },
            { text: countInWords(fired) },
            { text: countInWords(ofName) },
          ]),
        },
      },
    ],
  };
}

/** Whether nobody watched the week: what is known of it was read from elsewhere afterwards. */
function isImported({ coverage, period, slos }: WeekReport): boolean {
  const isOlder = (coverage.importedUntil ?? -Infinity) >= period.knownUntil;
  return isOlder && slos.every(({ week: { total, imported = total } }) => imported === total);
}

export function correctionsSection({ corrections }: WeekReport, { moments }: Words): Told | undefined {
  if (corrections === undefined) return undefined;
  if (corrections.length === 0) return 'Nothing was taken out of the count.';
  return {
    title: 'Corrections',
    blocks: [
      {
        kind: 'entries',
        entries: corrections.map(({ services, reason, author, at, undone, ...range }) => ({
          title: listed(services.map(({ namespace, name }) => `${namespace}/${name}`)),
          when: moments.span(range),
          facts: [`${reason} (${author}, ${moments.dayTime(at)}${undone ? ', undone since' : ''}).`],
        })),
      },
    ],
  };
}

const phaseWords = { ...migrationPhaseNames, unknown: 'not known' };

export function migrationSection({ migration }: WeekReport, { moments, service }: Words): Told {
  if (!migration) {
    return 'How far services are on their way into the mesh is not known here: only a running meshslo with a catalogue of services tells.';
  }
  const { services, reached, behind, behindCount, events, at } = migration;
  if (services === 0) return 'The catalogue knows none of these services: nothing is known of their migration.';
  const steps = [...migrationPhases, 'unknown' as const]
    .filter((phase) => reached[phase] > 0)
    .map((phase) => `${reached[phase]} ${phaseWords[phase]}`);
  const blocks: Block[] = [
    {
      kind: 'paragraph',
      text: `Of ${counted(services, 'service')}: ${steps.join(', ')} (as of ${moments.dayTime(at)}).`,
    },
  ];
  if (behindCount > 0) {
    const names = behind.map((one) => `${service(one.service)} (wanted: ${phaseWords[one.wanted]})`);
    const text = `${counted(behindCount, 'service is', 'services are')} not where wanted: ${listed(names, 5)}.`;
    blocks.push({ kind: 'paragraph', text });
  }
  if (events.length > 0) {
    const told = events.map((event) => `${moments.weekTime(event.at)} ${event.summary}`);
    blocks.push({ kind: 'paragraph', text: `This week: ${listed(told, 6)}.` });
  }
  return { title: 'Migration', blocks };
}

const wholly = 'All of the time of all SLOs was observed.';

/** What nobody saw, and what was not seen by meshslo itself. */
export function coverageSection({ coverage, slos }: WeekReport, { moments, service }: Words): Told {
  const { ratio, gaps, gapSeconds, partly, partlyCount } = coverage;
  const never = slos.filter(({ firstSeen }) => firstSeen === undefined);
  const blocks: Block[] = [];
  if (ratio === undefined) blocks.push(note('Nothing was ever observed here.'));
  else {
    const whole = ratio >= 0.9995 && partlyCount === 0 && never.length === 0;
    const text = whole
      ? wholly
      : `${roundPercentInWords(ratio)} of the time of all SLOs was observed${never.length > 0 ? ', from when each was first seen' : ''}.`;
    blocks.push({ kind: 'paragraph', text });
  }
  if (gapSeconds > 0) {
    const shown = listed(
      gaps.map((gap) => `${moments.span(gap)} (${durationInWords(gap.to - gap.from)})`),
      5,
    );
    blocks.push({
      kind: 'paragraph',
      text: `meshslo itself saw nothing for ${durationInWords(gapSeconds)}: ${shown}.`,
    });
  }
  if (partlyCount > 0) {
    const names = partly.map((one) => `${service(one.service)} ${one.slo} ${roundPercentInWords(one.coverage)}`);
    const text = `${counted(partlyCount, 'SLO was', 'SLOs were')} not seen all the time: ${listed([...names, ...Array.from({ length: partlyCount - partly.length }, () => '')], 6)}.`;
    blocks.push({ kind: 'paragraph', text });
  }
  if (ratio !== undefined && never.length > 0) {
    const names = never.map(({ slo }) => `${service(slo.service)} ${slo.name}`);
    const text = `${counted(never.length, 'SLO was', 'SLOs were')} never observed: ${listed(names, 5)}.`;
    blocks.push({ kind: 'paragraph', text });
  }
  const silent = slos
    .filter(({ state }) => state === 'no-traffic')
    .map(({ slo }) => `${service(slo.service)} ${slo.name}`);
  if (silent.length > 0) {
    blocks.push(note(`${counted(silent.length, 'SLO', 'SLOs')} had no traffic: ${listed(silent, 5)}.`));
  }
  const [only] = blocks;
  if (blocks.length === 1 && only?.kind === 'paragraph' && only.text === wholly) return wholly;
  return { title: 'What was not seen', blocks };
}

export function findingsSection(report: WeekReport, { moments }: Words): Told {
  const { findings } = report;
  if (!findings) {
    return 'Whether anything was wrong with the mesh or its registry is not known: nothing is configured that looks.';
  }
  if (findings.length === 0) {
    return isImported(report)
      ? 'Whether anything was wrong with the mesh or its registry is not known: the week is imported history.'
      : 'Nothing was found wrong with the mesh or its registry.';
  }
  const most = 8;
  const order = ['critical', 'warning', 'info'];
  const shown = [...findings]
    .sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity) || a.firstSeen - b.firstSeen)
    .slice(0, most);
  const rest = findings.length - shown.length;
  return {
    title: 'Findings',
    blocks: [
      {
        kind: 'entries',
        entries: shown.map(({ kind, severity, summary, action, firstSeen, resolvedAt, owner }) => ({
          title: summary,
          when: `${severity}, since ${moments.dayTime(firstSeen)}${resolvedAt === undefined ? ', open' : `, resolved ${moments.dayTime(resolvedAt)}`}`,
          ...(severity === 'critical' && resolvedAt === undefined && { tone: 'bad' as const }),
          facts: [`${kind}. ${action}`, `Whose: ${owner ?? 'nobody is named'}.`],
        })),
      },
      ...(rest > 0 ? [note(`And ${counted(rest, 'more finding')}.`)] : []),
    ],
  };
}
