import { annotationTags, tagValue } from '../../domain/annotation-tags.js';
import type { Board, BoardEvents, Tone } from '../../domain/board.js';
import type { EpochSeconds } from '../../domain/clock.js';
import { failureOf } from '../../domain/failure.js';
import type { HttpPrometheus, RangeSeries } from '../../prometheus/http-prometheus.js';
import { lastOf, type PastReader } from '../../publish/past-moment.js';
import type { PreviewView } from './fill-variables.js';
import { filledQuery } from './fill-variables.js';
import { seriesName } from './series-name.js';

/** Something that happened, or went on for a while, as charts mark it. */
export interface BoardMark {
  /** Before the range that is shown, for what reaches into it. */
  readonly from: EpochSeconds;
  /** Not before `from`; the same for a moment. */
  readonly to: EpochSeconds;
  readonly tone: Tone;
  /** What kind it is of, and what happened. */
  readonly text: string;
}

/** What there is to mark, by time; or why some of it is not known. */
export interface BoardMarks {
  readonly marks: readonly BoardMark[];
  readonly trouble: string | undefined;
}

type Asked = Pick<HttpPrometheus, 'range'>;

/**
 * What a board marks: what its queries tell, and of its tags what meshslo itself would write into Grafana. What people write
 * there is nowhere else, and what somebody has to switch on is left off.
 *
 * @param past undefined where nothing is remembered
 */
export async function askMarks(
  { events }: Pick<Board, 'events'>,
  prometheus: Asked,
  view: PreviewView,
  past: PastReader | undefined,
): Promise<BoardMarks> {
  const troubles: string[] = [];
  const found = await Promise.all(
    events
      .filter(({ isOff = false }) => !isOff)
      .map(async (one) => {
        try {
          return await marksOf(one, prometheus, view, past);
        } catch (error) {
          troubles.push(failureOf(error).message);
          return [];
        }
      }),
  );
  const marks = found.flat().sort((a, b) => a.from - b.from || (a.text < b.text ? -1 : 1));
  return { marks, trouble: troubles[0] };
}

async function marksOf(
  { name, tone, source }: BoardEvents,
  prometheus: Asked,
  view: PreviewView,
  past: PastReader | undefined,
): Promise<readonly BoardMark[]> {
  const { range, stepSeconds } = view;
  if (source.kind === 'query') {
    const series = await prometheus.range(filledQuery(source.expr, view), range, stepSeconds);
    return series.flatMap(({ labels, samples }) => {
      const said = [source.title, source.text].map((legend) => seriesName(legend, labels));
      return stretches(samples, stepSeconds).map((one) => ({ ...one, tone, text: `${name}: ${said.join(', ')}` }));
    });
  }
  const wanted = source.tags.map((tag) => filledTag(tag, view));
  return (past?.(range) ?? []).flatMap((moment) => {
    const { kind, place, from, summary } = moment;
    const tags = annotationTags(kind, place);
    const to = Math.min(lastOf(moment, range.to), range.to);
    if (!wanted.every((tag) => tags.includes(tag)) || to < range.from || from > range.to) return [];
    return [{ from, to, tone, text: `${name}: ${summary}` }];
  });
}

/** When values were above zero; a step between two of them belongs to it. */
function stretches(samples: RangeSeries['samples'], stepSeconds: number): readonly Pick<BoardMark, 'from' | 'to'>[] {
  const found: { from: EpochSeconds; to: EpochSeconds }[] = [];
  for (const { at, value } of samples) {
    if (!(value > 0)) continue;
    const last = found.at(-1);
    if (last !== undefined && at - last.to <= stepSeconds) last.to = at;
    else found.push({ from: at, to: at });
  }
  return found;
}

/** A tag with the chosen value of its variable. */
function filledTag(tag: string, { chosen }: PreviewView): string {
  return tag.replace(/\$\{(\w+)\}$/, (all, name: string) => {
    const value = Object.hasOwn(chosen, name) ? chosen[name] : undefined;
    return value === undefined ? all : tagValue(value);
  });
}
