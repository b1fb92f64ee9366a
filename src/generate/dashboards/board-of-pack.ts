import type { LinkSettings } from '../../config/config.js';
import type { Board, BoardPanel, BoardQuery, BoardRow, BoardVariable } from '../../domain/board.js';
import {
  type BoardPack,
  proxiesThemselves,
  type WrittenPanel,
  type WrittenRow,
  type WrittenVariable,
} from '../../packs/board-pack.js';
import { boardEvents } from './board-events.js';
import { placed } from './board-layout.js';
import type { PanelSize } from './board-layout.js';
import type { BoardDirectory } from './board-links.js';
import { cellUrl, topLinks } from './board-links.js';
import type { BoardScope } from './board-scope.js';
import { scopedSelector } from './board-scope.js';
import { grafanaText } from './grafana-text.js';
import { legendOf } from './legend.js';
import { queryExpression } from './measure-expression.js';
import { proxiesOf } from './process-measure.js';

/** What one board is made from. */
export interface BoardParts {
  readonly uid: string;
  readonly title: string;
  readonly pack: BoardPack;
  /** Rows that the board's mesh adds. */
  readonly added: readonly WrittenRow[];
  readonly scope: BoardScope;
  readonly directory: BoardDirectory;
  readonly links: LinkSettings;
  /** Beside `meshslo` and the pack's name. */
  readonly tags: readonly string[];
}

/** Kinds that show how it is now. */
const ofNow: ReadonlySet<string> = new Set(['stat', 'table', 'bars', 'graph']);

/** The board of a pack for one subject. What its meshes do not tell is left out, panels and rows that nothing is left of with it. */
export function boardOfPack({ uid, title: boardTitle, pack, added, scope, directory, links, tags }: BoardParts): Board {
  const rows: BoardRow[] = [];
  let y = 0;
  let id = 1;
  for (const { title, panels } of [...pack.rows, ...added]) {
    const made = panels.flatMap((panel) => madePanel(panel, scope, links) ?? []);
    if (made.length === 0) continue;
    // The row's heading takes a line, and an id of its own.
    const { places, end } = placed(
      made.map(({ size }) => size),
      y + 1,
    );
    rows.push({
      title,
      y,
      panels: made.map(({ panel }, index) => ({ ...panel, id: id + index, place: places[index]! })),
    });
    id += made.length + 1;
    y = end;
  }
  return {
    uid,
    title: boardTitle,
    description: `${pack.answers} For: ${pack.audience}`,
    pack: pack.name,
    tags: ['meshslo', pack.name, ...tags],
    rangeSeconds: pack.rangeSeconds,
    refreshSeconds: 60,
    variables: scope.variables.map((one, index) => variableOf(one, scope.variables.slice(0, index), scope)),
    links: topLinks(uid, directory, links, scope.fixed),
    events: pack.events.flatMap((source) => boardEvents(source, scope)),
    rows,
  };
}

interface MadePanel {
  readonly panel: Omit<BoardPanel, 'id' | 'place'>;
  readonly size: PanelSize;
}

function madePanel(panel: WrittenPanel, scope: BoardScope, links: LinkSettings): MadePanel | undefined {
  const queries = panel.queries.flatMap((query, index): readonly BoardQuery[] => {
    const instant = query.instant ?? ofNow.has(panel.kind);
    const expression = queryExpression(query, scope, instant ? 'now' : 'steps');
    if (expression === undefined) return [];
    const { measure, tone, unit, steps, words, decimals, first } = query;
    const legend = legendOf(query, scope);
    const graph = measure.kind === 'calls' ? measure.graph : undefined;
    const refId = graph ?? String.fromCharCode(65 + index);
    return [{ refId, expr: grafanaText(expression), legend, instant, tone, unit, steps, words, decimals, first }];
  });
  if (queries.length === 0) return undefined;
  const { title, description, kind, unit, width, height, steps, words, least, most, noValue, stacked } = panel;
  const labels = panel.labels.map(({ label, title: name, to, first }) => {
    const url = to && cellUrl(to, links, scope.fixed);
    return { label, title: name, ...(url !== undefined && { url }), ...(first && { isFirst: true }) };
  });
  const looks = { steps, words, least, most, noValue, stacked };
  const shown = { title, description, kind, unit, ...looks, labels, queries, links: [] };
  return { panel: shown, size: { kind, width, height } };
}

/** Values that go with what is chosen before. */
function variableOf(
  { name, title, metric, label, where, single }: WrittenVariable,
  before: readonly WrittenVariable[],
  scope: BoardScope,
): BoardVariable {
  const selector =
    metric === proxiesThemselves
      ? proxiesOf(scope.meshes[0]!)
      : scopedSelector(scope.vocabulary.get(metric)!, where, { ...scope, variables: before });
  return { name, title, label, selector: grafanaText(selector), single };
}
