import type { Board, BoardPanel } from '../../domain/board.js';
import { htmlText } from '../../report/render/html-text.js';
import { boardHref } from './board-href.js';
import type { BoardMarks } from './board-marks.js';
import type { PreviewView } from './fill-variables.js';
import { heatmap } from './heatmap.js';
import { nodeGraph } from './node-graph.js';
import { bars, stat, table } from './now-panels.js';
import type { PanelAnswers, QueryAnswer } from './panel-answer.js';
import { timeChart } from './time-chart.js';

/** What a page of one board shows. */
export interface BoardPage {
  readonly board: Board;
  readonly answers: PanelAnswers;
  readonly events: BoardMarks;
  readonly view: PreviewView;
  /** By the name of the variable. */
  readonly values: ReadonlyMap<string, readonly string[]>;
  /** Boards of the whole, for the way to them. */
  readonly others: readonly Pick<Board, 'uid' | 'title'>[];
}

/** Stretches that can be chosen, seconds. */
const ranges = [900, 3600, 10_800, 21_600, 86_400, 604_800] as const;

/** A board as it would look in Grafana, or near enough to see whether it says what it should. */
export function boardPage({ board, answers, events, view, values, others }: BoardPage): string {
  const rows = board.rows.map(({ title, panels }) => {
    const drawn = panels.map((panel) => panelHtml(panel, answers.get(panel) ?? [], { view, marks: events.marks }));
    return `<h2>${htmlText(title)}</h2><div class="row">${drawn.join('')}</div>`;
  });
  const links = others.map(
    ({ uid, title }) =>
      `<a href="/boards/${uid}"${uid === board.uid ? ' aria-current="page"' : ''}>${htmlText(title)}</a>`,
  );
  const elsewhere = board.links.flatMap(({ title, url }) => {
    const href = url.startsWith('/d/') ? undefined : boardHref(url, view);
    return href === undefined ? [] : [`<a href="${htmlText(href)}">${htmlText(title)}</a>`];
  });
  return page(
    board.title,
    `<nav><a href="/boards">All boards</a>${elsewhere.join('')}${links.join('')}</nav>
<h1>${htmlText(board.title)}</h1><p class="answers">${htmlText(board.description)}</p>
${chooser(board, view, values)}${whatHappened(events)}${rows.join('\n')}`,
  );
}

/** Every board with what it answers; services by themselves, for there may be thousands. */
export function boardList(
  boards: readonly Pick<Board, 'uid' | 'title' | 'description' | 'tags'>[],
  more: number,
): string {
  const items = boards.map(
    ({ uid, title, description }) =>
      `<li><a href="/boards/${uid}">${htmlText(title)}</a><p>${htmlText(description)}</p></li>`,
  );
  const further =
    more > 0 ? `<p>and ${more} more services: the board named Service has them all to choose from</p>` : '';
  return page('Boards', `<h1>Boards</h1><ul class="board-list">${items.join('')}</ul>${further}`);
}

/** A page that says one sentence. */
export function sentencePage(title: string, sentence: string): string {
  return page(
    title,
    `<nav><a href="/boards">All boards</a></nav><h1>${htmlText(title)}</h1><p>${htmlText(sentence)}</p>`,
  );
}

function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${htmlText(title)} · meshslo</title><link rel="stylesheet" href="/style.css"></head><body>${body}</body></html>\n`;
}

function chooser(board: Board, { range, chosen }: PreviewView, values: BoardPage['values']): string {
  const last = range.to - range.from;
  const options = ranges.map(
    (seconds) =>
      `<option value="${seconds}"${Math.abs(seconds - last) < 1 ? ' selected' : ''}>${rangeText(seconds)}</option>`,
  );
  const variables = board.variables.map(({ name, title, single }) => {
    const known = (values.get(name) ?? []).map(
      (value) => `<option${value === chosen[name] ? ' selected' : ''}>${htmlText(value)}</option>`,
    );
    return `<label>${htmlText(title)}<select name="var-${name}">${single ? '' : '<option value="">All</option>'}${known.join('')}</select></label>`;
  });
  return `<form method="get">${variables.join('')}<label>Shown (times are UTC)<select name="last">${options.join('')}</select></label><button>Show</button></form>`;
}

function rangeText(seconds: number): string {
  if (seconds < 3600) return `last ${seconds / 60} minutes`;
  return seconds < 86_400 ? `last ${seconds / 3600} h` : `last ${seconds / 86_400} d`;
}

/** How much of it the page tells in words; charts mark all. */
const mostTold = 8;

/** What charts mark, for those who would rather read it; the newest first. */
function whatHappened({ marks, trouble }: BoardMarks): string {
  const items = marks
    .slice(-mostTold)
    .reverse()
    .map(({ from, tone, text }) => {
      const at = new Date(from * 1000).toISOString();
      return `<li><i class="tone-${tone}"></i><time datetime="${at}">${at.slice(0, 16).replace('T', ' ')}</time> ${htmlText(text)}</li>`;
    });
  const more = marks.length > items.length ? `<li>and ${marks.length - items.length} before</li>` : '';
  const missing =
    trouble === undefined ? '' : `<p class="trouble">not all that happened is known: ${htmlText(trouble)}</p>`;
  if (items.length === 0) return missing;
  const count = `${marks.length} ${marks.length === 1 ? 'mark' : 'marks'} on the charts`;
  return `${missing}<details class="happened"><summary>${count}</summary><ul>${items.join('')}${more}</ul></details>`;
}

/** What a panel is drawn with, beside its answers. */
interface Drawn {
  readonly view: PreviewView;
  readonly marks: BoardMarks['marks'];
}

function panelHtml(panel: BoardPanel, answers: readonly QueryAnswer[], drawn: Drawn): string {
  const { title, description, place, queries } = panel;
  const asked = queries.map(({ expr }) => `<pre>${htmlText(expr)}</pre>`).join('');
  const about = `<details><summary aria-label="About ${htmlText(title)}">?</summary><p>${htmlText(description)}</p>${asked}</details>`;
  return `<section class="panel w${place.width} h${place.height}"><h3>${htmlText(title)}${about}</h3>${content(panel, answers, drawn)}</section>`;
}

function content(panel: BoardPanel, answers: readonly QueryAnswer[], { view, marks }: Drawn): string {
  const trouble = answers.find((answer) => answer.trouble !== undefined)?.trouble;
  if (trouble !== undefined) return `<p class="trouble">${htmlText(trouble)}</p>`;
  if (answers.every(({ series }) => series.length === 0)) return `<p class="none">${htmlText(panel.noValue)}</p>`;
  switch (panel.kind) {
    case 'stat':
      return stat(panel, answers);
    case 'timeseries':
      return timeChart(panel, answers, view, marks);
    case 'table':
      return table(panel, answers, view);
    case 'bars':
      return bars(panel, answers);
    case 'heatmap':
      return heatmap(panel, answers, view, marks);
    case 'graph':
      return nodeGraph(panel, answers);
  }
}
