import type { Board, BoardPanel, BoardQuery, BoardVariable } from '../../domain/board.js';
import { failureOf } from '../../domain/failure.js';
import type { HttpPrometheus, RangeSeries } from '../../prometheus/http-prometheus.js';
import { filledQuery } from './fill-variables.js';
import type { PreviewView } from './fill-variables.js';

/** What a Prometheus knows of a query; an instant one has one sample per series. */
export interface QueryAnswer {
  readonly query: BoardQuery;
  readonly series: readonly RangeSeries[];
  /** How many series more there were. */
  readonly leftOut: number;
  /** Why there is no answer. */
  readonly trouble: string | undefined;
}

export type PanelAnswers = ReadonlyMap<BoardPanel, readonly QueryAnswer[]>;

type Asked = Pick<HttpPrometheus, 'instant' | 'range'>;

/** More than these nobody can tell apart. */
const mostSeries = 400;

/** Questions to a Prometheus at one time. */
const atOnce = 4;

/** Asks everything that a board shows. One question that fails leaves the others alone. */
export async function askBoard(board: Board, prometheus: Asked, view: PreviewView): Promise<PanelAnswers> {
  const panels = board.rows.flatMap((row) => row.panels);
  const open = panels.flatMap((panel) => panel.queries.map((query, index) => ({ panel, query, index })));
  const answers = new Map(panels.map((panel) => [panel, new Array<QueryAnswer>(panel.queries.length)]));
  const worker = async (): Promise<void> => {
    for (let next = open.shift(); next; next = open.shift()) {
      answers.get(next.panel)![next.index] = await ask(next.query, prometheus, view);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return answers;
}

async function ask(query: BoardQuery, prometheus: Asked, view: PreviewView): Promise<QueryAnswer> {
  const text = filledQuery(query.expr, view);
  try {
    const all = query.instant
      ? (await prometheus.instant(text, view.range.to)).map(({ labels, value }) => ({
          labels,
          samples: [{ at: view.range.to, value }],
        }))
      : await prometheus.range(text, view.range, view.stepSeconds);
    return {
      query,
      series: all.slice(0, mostSeries),
      leftOut: Math.max(0, all.length - mostSeries),
      trouble: undefined,
    };
  } catch (error) {
    return { query, series: [], leftOut: 0, trouble: failureOf(error).message };
  }
}

/** What can be chosen, sorted: whatever was there in the shown time. Depends on what was chosen before. */
export async function valuesOf(
  { label, selector }: BoardVariable,
  prometheus: Pick<HttpPrometheus, 'instant'>,
  view: PreviewView,
): Promise<readonly string[]> {
  const seconds = Math.round(view.range.to - view.range.from);
  const found = await prometheus.instant(
    `count by (${label}) (last_over_time(${filledQuery(selector, view)}[${seconds}s]))`,
    view.range.to,
  );
  return found.flatMap(({ labels }) => labels[label] ?? []).sort();
}
