import type { BoardPanel, PanelStep, TableLabel, Tone } from '../../domain/board.js';
import { htmlText } from '../../report/render/html-text.js';
import { boardHref } from './board-href.js';
import type { PreviewView } from './fill-variables.js';
import type { QueryAnswer } from './panel-answer.js';
import { seriesName } from './series-name.js';
import { toneClass } from './time-chart.js';
import { unitText } from './unit-text.js';

/** One number as large as can be; several of them below each other. */
export function stat(panel: BoardPanel, answers: readonly QueryAnswer[]): string {
  const numbers = answers.flatMap(({ query, series }) =>
    series.flatMap(({ labels, samples }) => {
      const value = samples.at(-1)?.value;
      return value === undefined ? [] : [{ name: seriesName(query.legend, labels), value }];
    }),
  );
  const shown = numbers.slice(0, 8).map(({ name, value }) => {
    const text = `<strong class="${toneClass(toneOf(value, panel.steps))}">${htmlText(valueText(value, panel))}</strong>`;
    return numbers.length === 1 ? text : `<span>${htmlText(name)}</span> ${text}`;
  });
  return `<div class="stat">${shown.join('<br>')}</div>`;
}

/** The word that stands for a value, or the value in its unit. */
function valueText(value: number, { unit, words }: Pick<BoardPanel, 'unit' | 'words'>, decimals?: number): string {
  return words.find((one) => one.value === value)?.text ?? unitText(value, unit, decimals);
}

/** The colour that holds for a value. */
function toneOf(value: number, steps: readonly PanelStep[]): Tone {
  return steps.findLast(({ from }) => from === undefined || value >= from)?.tone ?? 'plain';
}

/** Values beside each other, each as long as it is large. */
export function bars(panel: BoardPanel, answers: readonly QueryAnswer[]): string {
  const all = answers.flatMap(({ query, series }) =>
    series.flatMap(({ labels, samples }) => {
      const value = samples.at(-1)?.value;
      return value === undefined ? [] : [{ name: seriesName(query.legend, labels), value, tone: query.tone }];
    }),
  );
  const low = Math.min(panel.least ?? 0, 0);
  const high = panel.most ?? Math.max(...all.map(({ value }) => value), low + 1e-9);
  const items = all.slice(0, 20).map(({ name, value, tone }) => {
    const share = Math.min(1, Math.max(0, (value - low) / (high - low)));
    const colour = toneClass(tone ?? toneOf(value, panel.steps));
    return (
      `<li><span class="name">${htmlText(name)}</span>` +
      `<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect class="empty" width="100" height="10"/><rect class="${colour}" width="${(share * 100).toFixed(1)}" height="10"/></svg>` +
      `<b class="${colour}">${htmlText(valueText(value, panel))}</b></li>`
    );
  });
  return `<ul class="bars">${items.join('')}</ul>`;
}

/** Rows that are one for equal labels, whatever query knows of them. */
export function table(panel: BoardPanel, answers: readonly QueryAnswer[], view: PreviewView): string {
  const rows = new Map<string, { labels: Readonly<Record<string, string>>; values: (number | undefined)[] }>();
  for (const [index, { series }] of answers.entries()) {
    for (const { labels, samples } of series) {
      const key = JSON.stringify(firstOnes(panel.labels).map(({ label }) => labels[label] ?? ''));
      const row = rows.get(key) ?? { labels, values: [] };
      row.values[index] = samples.at(-1)?.value;
      rows.set(key, row);
    }
  }
  const order = rowOrder(panel);
  const head = [...panel.labels.map(({ title }) => title), ...panel.queries.map(({ legend }) => legend)];
  const body = [...rows.entries()]
    .sort(([a, one], [b, other]) => order(one.values, other.values) || (a < b ? -1 : 1))
    .map(([, { labels, values }]) => {
      const names = panel.labels.map((one) => `<td>${cell(one, labels, view)}</td>`);
      const numbers = panel.queries.map(({ unit = panel.unit, steps, words = panel.words, decimals }, index) => {
        const value = values[index];
        if (value === undefined) return '<td class="number quiet">–</td>';
        const colour = steps === undefined ? '' : ` ${toneClass(toneOf(value, steps))}`;
        return `<td class="number${colour}">${htmlText(valueText(value, { unit, words }, decimals))}</td>`;
      });
      return `<tr>${names.join('')}${numbers.join('')}</tr>`;
    });
  const cells = head.map(
    (title, index) => `<th${index < panel.labels.length ? '' : ' class="number"'}>${htmlText(title)}</th>`,
  );
  return `<div class="scrolled"><table><thead><tr>${cells.join('')}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}

/** What a row is called by, and where that leads. */
function cell({ label, url }: TableLabel, labels: Readonly<Record<string, string>>, view: PreviewView): string {
  const text = htmlText(labels[label] ?? '');
  const href = url === undefined || text === '' ? undefined : boardHref(url, view, labels);
  return href === undefined ? text : `<a href="${htmlText(href)}">${text}</a>`;
}

/** Labels by which rows are sorted, then the others. */
function firstOnes(labels: BoardPanel['labels']): BoardPanel['labels'] {
  return [...labels.filter(({ isFirst }) => isFirst), ...labels.filter(({ isFirst }) => !isFirst)];
}

/** Rows by the column that the panel sorts by; what is unknown comes last. */
function rowOrder({ queries }: BoardPanel): (one: readonly unknown[], other: readonly unknown[]) => number {
  const index = queries.findIndex(({ first }) => first !== undefined);
  const sign = queries[index]?.first === 'most' ? -1 : 1;
  const rank = (values: readonly unknown[]): number => {
    const value = values[index];
    return typeof value === 'number' && Number.isFinite(value) ? sign * value : Number.MAX_VALUE;
  };
  return (one, other) => rank(one) - rank(other);
}
