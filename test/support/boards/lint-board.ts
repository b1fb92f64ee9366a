import type { Board, BoardPanel } from '../../../src/domain/board.js';
import { boardUnits } from '../../../src/domain/board.js';
import { longestUid } from '../../../src/generate/dashboards/board-uid.js';
import { filled, readPromql } from './read-promql.js';

/** Names that a query may have. */
export interface KnownMetrics {
  readonly metrics: ReadonlySet<string>;
  /** Those of them that only ever grow. */
  readonly counters: ReadonlySet<string>;
}

/** Everything that is wrong with a board, a sentence each. */
export function lintBoard(board: Board, knownMetrics: KnownMetrics): readonly string[] {
  const panels = board.rows.flatMap((row) => row.panels);
  const ids = [
    ...panels.map(({ id }) => id),
    ...board.rows.map(({ panels: [first], ...row }) => `row ${row.title} ${first?.id}`),
  ];
  return [
    ...(/^[a-zA-Z0-9_-]+$/.test(board.uid) && board.uid.length <= longestUid ? [] : [`${board.uid} is no uid`]),
    ...(board.description.length > 20 ? [] : [`${board.title} does not say what it answers`]),
    ...(new Set(ids).size === ids.length ? [] : [`${board.title} has an id twice`]),
    ...overlaps(panels),
    ...panels.flatMap((panel) =>
      lintPanel(panel, knownMetrics).map((found) => `${board.uid}, ${panel.title}: ${found}`),
    ),
    ...board.events.flatMap(({ name, source }) =>
      source.kind === 'query'
        ? lintQuery(source.expr, knownMetrics).map((found) => `${board.uid}, ${name}: ${found}`)
        : [],
    ),
    ...board.variables.flatMap(({ name, selector }) =>
      lintQuery(selector, knownMetrics).map((found) => `${board.uid}, variable ${name}: ${found}`),
    ),
  ];
}

function lintPanel(panel: BoardPanel, knownMetrics: KnownMetrics): readonly string[] {
  const refIds = panel.queries.map(({ refId }) => refId);
  const legends = panel.queries.map(({ legend }) => legend);
  return [
    ...(panel.title.trim() === '' ? ['has no title'] : []),
    ...(/^[A-Z'].{20,}[.:]?.*\.$/su.test(panel.description) ? [] : ['its description is no sentence']),
    ...(boardUnits.includes(panel.unit) ? [] : ['has no unit']),
    ...(panel.queries.length === 0 ? ['asks for nothing'] : []),
    ...(new Set(refIds).size === refIds.length && !refIds.includes('') ? [] : ['refIds are not unique']),
    ...(legends.every((legend) => legend.trim() !== '') ? [] : ['has an empty legend']),
    ...(new Set(legends).size === legends.length ? [] : ['two queries have one legend']),
    ...(legends.some((legend) => /(?<!\{)\{\w+\}(?!\})/.test(legend))
      ? ['a fact in its legend was not filled in']
      : []),
    ...(/^-?[\d.]+ ?%?$/.test(panel.noValue) || panel.noValue === '' ? ['shows a number where there is none'] : []),
    ...panel.queries.flatMap(({ expr }) => lintQuery(expr, knownMetrics)),
  ];
}

function lintQuery(expr: string, { metrics: known, counters }: KnownMetrics): readonly string[] {
  const { errors, metrics, bare, functions, madeUp } = readPromql(filled(expr));
  return [
    ...errors.map((error) => `is no PromQL: ${error}`),
    ...metrics.filter((name) => !known.has(name)).map((name) => `${name} is in no vocabulary`),
    ...madeUp.map((part) => `makes up what is missing: ${part}`),
    ...functions
      .filter((name) => ['irate', 'idelta', 'absent', 'absent_over_time'].includes(name))
      .map((name) => `${name} hides what happened`),
    ...bare
      .filter((name) => counters.has(name))
      .map((name) => `${name} is shown as it is: a counter says nothing by itself`),
  ];
}

function overlaps(panels: readonly BoardPanel[]): readonly string[] {
  return panels.flatMap((one, index) => {
    const { x, y, width, height } = one.place;
    const over = panels
      .slice(index + 1)
      .filter(
        ({ place }) =>
          x < place.x + place.width && place.x < x + width && y < place.y + place.height && place.y < y + height,
      );
    return [
      ...over.map(({ title }) => `${one.title} lies over ${title}`),
      ...(x < 0 || x + width > 24 ? [`${one.title} sticks out`] : []),
    ];
  });
}
