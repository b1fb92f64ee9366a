import type { BoardPanel } from '../../domain/board.js';
import { htmlText } from '../../report/render/html-text.js';
import type { QueryAnswer } from './panel-answer.js';
import { unitText } from './unit-text.js';

interface Node {
  readonly id: string;
  readonly title: string;
  readonly subtitle: string;
  readonly value: number;
}

interface Edge {
  readonly source: string;
  readonly target: string;
  readonly value: number;
}

/** So high are a node and what it is called: less, and names lie over each other. */
const leastApart = 52;

/** Nodes that are drawn; what has most calls comes first. */
const mostNodes = 60;

/** Who calls whom: callers on the left, what they call to the right of them. */
export function nodeGraph(panel: BoardPanel, answers: readonly QueryAnswer[]): string {
  const of = (refId: string) => answers.find(({ query }) => query.refId === refId)?.series ?? [];
  const nodes = of('nodes')
    .map(({ labels, samples }): Node => ({
      id: labels['id'] ?? '',
      title: labels['title'] ?? '',
      subtitle: labels['subtitle'] ?? '',
      value: samples.at(-1)?.value ?? NaN,
    }))
    .sort((a, b) => b.value - a.value)
    .slice(0, mostNodes);
  const known = new Set(nodes.map(({ id }) => id));
  const edges = of('edges')
    .map(({ labels, samples }): Edge => ({
      source: labels['source'] ?? '',
      target: labels['target'] ?? '',
      value: samples.at(-1)?.value ?? NaN,
    }))
    .filter(({ source, target }) => known.has(source) && known.has(target));
  const columns = columnsOf(nodes, edges);
  const longest = Math.max(...columns.map((column) => column.length), 1);
  const height = Math.max(160, panel.place.height * 30 - 56, longest * leastApart);
  const size = { width: panel.place.width * 56, height };
  const places = new Map(
    columns.flatMap((column, index) =>
      column.map(({ id }, line) => {
        const x = 90 + (index * (size.width - 180)) / Math.max(1, columns.length - 1);
        return [id, { x, y: ((line + 0.5) * size.height) / column.length }] as const;
      }),
    ),
  );
  const most = Math.max(...edges.map(({ value }) => value), 1e-12);
  const lines = edges.map(({ source, target, value }) => {
    const [from, to] = [places.get(source)!, places.get(target)!];
    const middle = (from.x + to.x) / 2;
    const width = (1 + 3 * Math.sqrt(Math.max(0, value) / most)).toFixed(1);
    const title = `<title>${htmlText(`${source} calls ${target}: ${unitText(value, panel.unit)}`)}</title>`;
    return `<path class="edge" stroke-width="${width}" d="M${at(from)}C${middle.toFixed(0)} ${from.y.toFixed(0)} ${middle.toFixed(0)} ${to.y.toFixed(0)} ${at(to)}">${title}</path>`;
  });
  const circles = nodes.map(({ id, title, subtitle, value }) => {
    const { x, y } = places.get(id)!;
    return (
      `<circle class="node" cx="${x.toFixed(0)}" cy="${y.toFixed(0)}" r="7"/>` +
      `<text class="node-name" x="${x.toFixed(0)}" y="${(y - 13).toFixed(0)}" text-anchor="middle">${htmlText(title)}</text>` +
      `<text class="tick" x="${x.toFixed(0)}" y="${(y + 22).toFixed(0)}" text-anchor="middle">${htmlText(`${subtitle} · ${unitText(value, panel.unit)}`)}</text>`
    );
  });
  return `<svg viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${htmlText(panel.title)}">${lines.join('')}${circles.join('')}</svg>`;
}

/** Each node as far right as the longest way to it is long; circles are cut where they close. */
function columnsOf(nodes: readonly Node[], edges: readonly Edge[]): readonly (readonly Node[])[] {
  const depths = new Map(nodes.map(({ id }) => [id, 0]));
  for (let round = 0; round < Math.min(nodes.length, 12); round++) {
    for (const { source, target } of edges) {
      if (source !== target)
        depths.set(target, Math.min(nodes.length, Math.max(depths.get(target)!, depths.get(source)! + 1)));
    }
  }
  const levels = [...new Set(depths.values())].sort((a, b) => a - b);
  return levels.map((level) => nodes.filter(({ id }) => depths.get(id) === level));
}

function at({ x, y }: { readonly x: number; readonly y: number }): string {
  return `${x.toFixed(0)} ${y.toFixed(0)}`;
}
