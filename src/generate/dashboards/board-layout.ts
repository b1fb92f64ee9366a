import type { PanelKind, PanelPlace } from '../../domain/board.js';

/** Columns of Grafana's grid. */
const columns = 24;

const usualSizes: Readonly<Record<PanelKind, { readonly width: number; readonly height: number }>> = {
  stat: { width: 4, height: 4 },
  timeseries: { width: 8, height: 8 },
  table: { width: 24, height: 10 },
  bars: { width: 8, height: 8 },
  heatmap: { width: 12, height: 8 },
  graph: { width: 24, height: 18 },
};

/** What a panel asks of the grid. */
export interface PanelSize {
  readonly kind: PanelKind;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}

/** A panel with the width and height that it was given, or usually has. */
interface SizedPanel {
  readonly width: number;
  readonly height: number;
}

/**
 * Places for panels as one reads: side by side until a line is full. Panels of one line are equally high. What a mesh does not
 * tell leaves no hole: the others of its line take the room, unless there is little in the line.
 */
export function placed(
  panels: readonly PanelSize[],
  top: number,
): { readonly places: readonly PanelPlace[]; readonly end: number } {
  let y = top;
  const places = linesOf(panels).flatMap((line) => {
    let x = 0;
    const ofLine = widened(line).map(({ width, height }) => {
      const place = { x, y, width, height };
      x += width;
      return place;
    });
    y += line[0]!.height;
    return ofLine;
  });
  return { places, end: y };
}

function linesOf(panels: readonly PanelSize[]): readonly (readonly SizedPanel[])[] {
  const lines: SizedPanel[][] = [];
  for (const { kind, width = usualSizes[kind].width, height = usualSizes[kind].height } of panels) {
    const line = lines.at(-1);
    if (line?.[0]?.height === height && widthOf(line) + width <= columns) line.push({ width, height });
    else lines.push([{ width, height }]);
  }
  return lines;
}

/** A line that is at least half full fills all of it, each panel in proportion; columns that are over go to the first ones. */
function widened(line: readonly SizedPanel[]): readonly SizedPanel[] {
  const full = widthOf(line);
  if (full < columns / 2) return line;
  const wider = line.map(({ width, height }) => ({ width: Math.floor((width * columns) / full), height }));
  const over = columns - widthOf(wider);
  return wider.map(({ width, height }, index) => ({ width: width + (index < over ? 1 : 0), height }));
}

function widthOf(line: readonly SizedPanel[]): number {
  return line.reduce((sum, { width }) => sum + width, 0);
}
