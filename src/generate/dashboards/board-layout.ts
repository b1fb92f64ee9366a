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

/** Places for panels as one reads: side by side until a line is full, each line as high as its highest panel. */
export function placed(
  panels: readonly PanelSize[],
  top: number,
): { readonly places: readonly PanelPlace[]; readonly end: number } {
  let x = 0;
  let y = top;
  let lineHeight = 0;
  const places = panels.map(({ kind, width = usualSizes[kind].width, height = usualSizes[kind].height }) => {
    if (x + width > columns) {
      x = 0;
      y += lineHeight;
      lineHeight = 0;
    }
    const place = { x, y, width, height };
    x += width;
    lineHeight = Math.max(lineHeight, height);
    return place;
  });
  return { places, end: y + lineHeight };
}
