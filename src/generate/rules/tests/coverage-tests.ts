import { healthy } from './alert-stories.js';
import { exampleSeries } from './example-series.js';
import { alertAt, type PromtoolTest } from './promtool-file.js';
import { alertLabels, besides, promised, type SloStage } from './slo-alert-tests.js';
import { ended, type InputSeries, storyInput, upInput } from './test-input.js';
import { counterValues, scrapeSeconds } from './test-story.js';

/** So seldom rules are evaluated in tests of six hours: what is recorded is of its own two minutes. */
export const coverageEvaluation = '30m';

const scrapesIn = (hours: number): number => (hours * 3600) / scrapeSeconds;
const storyHours = 7;

interface CoverageStory {
  readonly name: string;
  /** Nobody knows it before; hours. */
  readonly sinceHours: number;
  /** Of each of its two proxies, how long it answers; hours. */
  readonly answersHours: readonly [number, number];
  readonly fires: boolean;
}

const stories: readonly CoverageStory[] = [
  // 4 h of the last 6 h without a half are a third.
  { name: 'one of its two proxies is silent for hours', sinceHours: 0, answersHours: [7, 3], fires: true },
  { name: 'one of its two proxies is silent for an hour', sinceHours: 0, answersHours: [7, 6], fires: false },
  { name: 'it is new, and one of its two proxies is silent', sinceHours: 4, answersHours: [3, 1], fires: false },
  { name: 'none of its proxies answers any more', sinceHours: 0, answersHours: [3, 3], fires: false },
];

/** Whether its proxies can be told apart, and carry it. */
export function isSeen({ slo, parts }: SloStage): boolean {
  return slo.perspective === 'server' && parts.settings.targetLabels.includes('instance');
}

/**
 * A test of the alert that takes hours: of one SLO of each share, with services of two proxies of which some do not answer.
 *
 * @param stages of services that {@link isSeen}
 */
export function coverageTests(stages: readonly SloStage[]): readonly PromtoolTest[] {
  const told = stages.flatMap((stage, place) =>
    stories.flatMap((story) => {
      const of = besides(stage, `${story.name} ${place + 1}`);
      return of === undefined ? [] : [{ stage: of, story }];
    }),
  );
  if (told.length === 0) return [];
  return [
    {
      name: `CoverageLow of one SLO of each file of alerts: services of two proxies, each named for what happens to it`,
      interval: `${scrapeSeconds}s`,
      input_series: told.flatMap(({ stage, story }) => inputOf(stage, story)),
      promql_expr_test: told.flatMap(({ stage: { slo }, story: { fires } }) => [
        alertAt('CoverageLow', alertLabels(slo), 5.5 * 60, false),
        alertAt('CoverageLow', alertLabels(slo), storyHours * 60, fires),
      ]),
    },
  ];
}

function inputOf(stage: SloStage, { sinceHours, answersHours }: CoverageStory): InputSeries {
  const { slo, pack, parts } = stage;
  const proxies = answersHours.flatMap((hours, place): InputSeries => {
    const target = { ...stage.target, instance: `${stage.target.instance}-${place}` };
    const phases = [{ ...healthy(1), scrapes: scrapesIn(hours) }];
    const requests = { ...stage.sli, indicator: { kind: 'availability' }, filter: {} } as const;
    const [counted, carrying] = [stage.sli, requests].map((sli) =>
      exampleSeries(sli, slo.service, pack, target, parts.settings),
    );
    if (counted === undefined || carrying === undefined) return [];
    const own = storyInput(pack, target, counted, phases);
    // Availability is what shows that a target carries a service.
    const known = new Set(own.map(({ series }) => series));
    const others = carrying.good
      .filter((series) => !known.has(series))
      .map((series) => ({ series, values: counterValues(phases, 'good') }));
    const silent = scrapesIn(storyHours - sinceHours - hours);
    const up = upInput(target, `1x${scrapesIn(hours)}${silent > 0 ? ` 0x${silent - 1}` : ''}`);
    return [...ended([...own, ...others]), ...up];
  });
  const before = sinceHours === 0 ? '' : `_x${scrapesIn(sinceHours)} `;
  return [promised(slo, scrapesIn(storyHours)), ...proxies.map((one) => ({ ...one, values: before + one.values }))];
}
