import { countInWords, roundPercentInWords } from '../../domain/in-words.js';
import { type MigrationPhase, migrationPhases } from '../../domain/catalog-service.js';
import type { WeekReport } from '../week-report.js';
import { durationInWords } from '../words/moments.js';
import { counted, listed } from '../words/names.js';
import { note } from './details.js';
import type { Block, Section } from './report-document.js';
import type { Words } from './words.js';

/** What fired, and what people thought of it. */
export function alertsSection({ alerts }: WeekReport): Section {
  const { pages, tickets, noise, acknowledged, inhibited, byName } = alerts;
  if (pages + tickets === 0) return { title: 'Alerts', blocks: [note('No alert fired.')] };
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

export function correctionsSection({ corrections }: WeekReport, { moments }: Words): Section {
  const title = 'Corrections';
  if (corrections === undefined)
    return { title, blocks: [note('None: this ledger takes no windows out of the count.')] };
  if (corrections.length === 0) return { title, blocks: [note('Nothing was taken out of the count.')] };
  return {
    title,
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

const phaseWords: Readonly<Record<MigrationPhase | 'unknown', string>> = {
  'not-migrated': 'not in the mesh',
  injected: 'with a proxy',
  ingress: 'reached through the mesh',
  egress: 'calling through the mesh',
  mtls: 'mTLS only',
  unknown: 'not known',
};

export function migrationSection({ migration }: WeekReport, { moments, service }: Words): Section {
  const title = 'Migration';
  if (!migration)
    return {
      title,
      blocks: [
        note('Not told: no catalogue was asked where services are; the running service asks those of catalog:.'),
      ],
    };
  const { services, reached, behind, behindCount, events, at } = migration;
  if (services === 0) return { title, blocks: [note('The catalogue knows none of these services.')] };
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
  return { title, blocks };
}

/** What nobody saw, and what was not seen by meshslo itself. */
export function coverageSection({ coverage, slos }: WeekReport, { moments, service }: Words): Section {
  const { ratio, gaps, gapSeconds, partly, partlyCount } = coverage;
  const never = slos.filter(({ firstSeen }) => firstSeen === undefined);
  const blocks: Block[] = [];
  if (ratio === undefined) blocks.push(note('Nothing was ever observed here.'));
  else {
    const whole = ratio >= 0.9995 && partlyCount === 0 && never.length === 0;
    const text = whole
      ? 'Nothing: all of the time of all SLOs was observed.'
      : `${roundPercentInWords(ratio)} of the time of all SLOs was observed${never.length > 0 ? ', from when each was first seen' : ''}.`;
    blocks.push({ kind: 'paragraph', text, ...(whole && { tone: 'faint' as const }) });
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
  return { title: 'What was not seen', blocks };
}

export function findingsSection({ findings }: WeekReport, { moments }: Words): Section {
  const title = 'Findings';
  if (!findings)
    return { title, blocks: [note('Not told: nothing looks for trouble of the control plane or the registry.')] };
  if (findings.length === 0) return { title, blocks: [note('Nothing was found wrong with the mesh or its registry.')] };
  const most = 8;
  const order = ['critical', 'warning', 'info'];
  const shown = [...findings]
    .sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity) || a.firstSeen - b.firstSeen)
    .slice(0, most);
  const rest = findings.length - shown.length;
  return {
    title,
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
