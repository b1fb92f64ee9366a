import { roundPercentInWords } from '../../domain/in-words.js';
import { durationInWords } from '../words/moments.js';
import { listed, serviceName } from '../words/names.js';
import { type AttentionParts, byService, type Ranked } from './ranked.js';

const daySeconds = 86_400;

/** Below this share of its time an SLO's figures are more about what was not seen. */
const leastCoverage = 0.75;

/** Below this share of its time, meshslo itself is the trouble. */
const leastWatched = 0.95;

/** Meshslo itself did not look. */
export function blind({ coverage, period }: AttentionParts): readonly Ranked[] {
  const seconds = period.knownUntil - period.from;
  if (seconds === 0 || coverage.gapSeconds < seconds * (1 - leastWatched)) return [];
  return [
    {
      rank: 900,
      kind: 'unseen',
      title: `meshslo saw nothing for ${durationInWords(coverage.gapSeconds)} of the week`,
      why: `Whatever failed in that time is in no figure of this report.`,
      action: 'See why it stood still or could not read any proxy: its log and the page of its targets tell.',
      owner: undefined,
      service: undefined,
    },
  ];
}

/** Seen in the weeks before, and not once in this one. */
export function unseen({ slos, coverage, period }: AttentionParts): readonly Ranked[] {
  // Where nothing was seen of anybody, that is said once.
  if (coverage.gapSeconds >= period.knownUntil - period.from) return [];
  const gone = byService(slos.filter(({ week, fourWeeks }) => week.state === 'no-data' && fourWeeks.coverage > 0));
  if (gone.length === 0) return [];
  const first = gone[0]![0]!.slo;
  const names = gone.map(([one]) => serviceName(one!.slo.service));
  const owners = [...new Set(gone.map(([one]) => one!.slo.owner))];
  return [
    {
      rank: 400 + Math.min(40, gone.length),
      kind: 'unseen',
      title: `Nothing was seen of ${listed(names)}`,
      why: 'It was measured in the weeks before. Nothing says that all is well.',
      action: 'See whether its proxies run and are listed as targets; of a service that is gone, remove the SLO file.',
      owner: owners.length === 1 ? owners[0] : undefined,
      service: gone.length === 1 ? first.service : undefined,
    },
  ];
}

/** Seen for a part of the week only. */
export function partlySeen({ slos, coverage, period }: AttentionParts): readonly Ranked[] {
  if (coverage.gapSeconds >= (period.knownUntil - period.from) * (1 - leastCoverage)) return [];
  const partly = byService(
    slos.filter(
      ({ week, firstSeen }) =>
        week.coverage > 0 &&
        week.coverage < leastCoverage &&
        firstSeen !== undefined &&
        firstSeen < period.knownUntil - daySeconds,
    ),
  );
  if (partly.length === 0) return [];
  const names = partly.map(([one]) => serviceName(one!.slo.service));
  const least = Math.min(...partly.flat().map(({ week }) => week.coverage));
  const { service, owner } = partly[0]![0]!.slo;
  const isOne = partly.length === 1;
  return [
    {
      rank: 300,
      kind: 'partly-seen',
      title: `Of ${listed(names)} too little was seen`,
      why: `${isOne ? 'Observed' : 'The least observed'}: ${roundPercentInWords(least)} of the time. The figures speak of that part only.`,
      action: 'See which of its proxies are down or too slow to answer, and mend or remove them.',
      owner: isOne ? owner : undefined,
      service: isOne ? service : undefined,
    },
  ];
}
