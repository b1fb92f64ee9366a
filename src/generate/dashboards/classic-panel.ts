import { PanelBuilder as BarGauge } from '@grafana/grafana-foundation-sdk/bargauge';
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  AxisPlacement,
  BarGaugeDisplayMode,
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TableSortByFieldStateBuilder,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizOrientation,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { DashboardLinkBuilder, FieldColorBuilder, FieldColorModeId } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import {
  HeatmapColorMode,
  HeatmapColorOptionsBuilder,
  PanelBuilder as Heatmap,
  YAxisConfigBuilder,
} from '@grafana/grafana-foundation-sdk/heatmap';
import {
  EdgeOptionsBuilder,
  NodeOptionsBuilder,
  PanelBuilder as NodeGraph,
} from '@grafana/grafana-foundation-sdk/nodegraph';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as Stat } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as Table } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as Timeseries } from '@grafana/grafana-foundation-sdk/timeseries';
import type { BoardLink, BoardPanel, BoardQuery } from '../../domain/board.js';
import { columnOverrides, grafanaUnit, mappings, thresholds, toneOverrides, transformations } from './panel-words.js';

/** The variable that every query goes to. */
export const datasource = { type: 'prometheus', uid: '${datasource}' };

/** Recorded minutes: a step shorter than that would show holes. */
const leastInterval = '1m';

/** A panel of the classic schema. */
export function classicPanel(panel: BoardPanel): Builder<Panel> {
  const builder = shaped(panel);
  const { x, y, width, height } = panel.place;
  builder.id(panel.id).title(panel.title).description(panel.description).datasource(datasource);
  builder.gridPos({ x, y, w: width, h: height });
  builder
    .unit(grafanaUnit(panel.unit))
    .noValue(panel.noValue)
    .thresholds(thresholds(panel.steps))
    .interval(leastInterval);
  if (panel.words.length > 0) builder.mappings(mappings(panel.words));
  if (panel.least !== undefined) builder.min(panel.least);
  if (panel.most !== undefined) builder.max(panel.most);
  if (panel.links.length > 0) builder.links(panel.links.map(classicLink));
  const transforms = transformations(panel);
  if (transforms.length > 0) builder.transformations(transforms);
  builder.overrides(panel.kind === 'table' ? columnOverrides(panel) : toneOverrides(panel));
  const asking = builder.targets(panel.queries.map((query) => target(query, panel)));
  return panel.kind === 'table' ? { build: () => withoutFooter(asking.build()) } : asking;
}

/** The SDK asks for none in a way that Grafana 13 has forgotten. */
function withoutFooter(panel: Panel): Panel {
  Reflect.deleteProperty(panel.options as object, 'footer');
  return panel;
}

export function classicLink({ title, url, keepsView }: BoardLink): DashboardLinkBuilder {
  return new DashboardLinkBuilder(title).url(url).keepTime(keepsView).includeVars(keepsView);
}

function target({ refId, expr, legend, instant }: BoardQuery, { kind }: BoardPanel): DataqueryBuilder {
  const query = new DataqueryBuilder().refId(refId).expr(expr).legendFormat(legend).datasource(datasource);
  if (instant) query.instant();
  else query.range();
  if (kind === 'table' || kind === 'graph') return query.format(PromQueryFormat.Table);
  return query.format(kind === 'heatmap' ? PromQueryFormat.Heatmap : PromQueryFormat.TimeSeries);
}

type AnyPanel = Stat | Timeseries | Table | BarGauge | Heatmap | NodeGraph;

/** What makes a kind of panel what it is. */
function shaped(panel: BoardPanel): AnyPanel {
  switch (panel.kind) {
    case 'stat':
      return new Stat()
        .reduceOptions(lastValue())
        .graphMode(BigValueGraphMode.None)
        .colorMode(BigValueColorMode.Value)
        .textMode(BigValueTextMode.Auto)
        .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds));
    case 'timeseries':
      return timeseries(panel);
    case 'table':
      return new Table().showHeader(true).filterable(true).sortBy(rowOrder(panel));
    case 'bars':
      return new BarGauge()
        .reduceOptions(lastValue())
        .displayMode(BarGaugeDisplayMode.Basic)
        .orientation(VizOrientation.Horizontal)
        .showUnfilled(true)
        .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds));
    case 'heatmap':
      return new Heatmap()
        .calculate(false)
        .color(new HeatmapColorOptionsBuilder().mode(HeatmapColorMode.Scheme).scheme('Blues').steps(32))
        .yAxis(new YAxisConfigBuilder().axisPlacement(AxisPlacement.Left).unit(grafanaUnit(panel.unit)))
        .showLegend();
    case 'graph':
      return new NodeGraph()
        .nodes(new NodeOptionsBuilder().mainStatUnit(grafanaUnit(panel.unit)))
        .edges(new EdgeOptionsBuilder().mainStatUnit(grafanaUnit(panel.unit)));
  }
}

function timeseries({ stacked, steps }: BoardPanel): Timeseries {
  const builder = new Timeseries()
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .calcs([]),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending))
    .lineWidth(1)
    .fillOpacity(stacked ? 25 : 8)
    .showPoints(VisibilityMode.Auto)
    // A hole is shown as one: nobody knows what was there.
    .spanNulls(false)
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.PaletteClassic));
  if (stacked) builder.stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'));
  if (steps.length > 1) {
    builder.thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
  }
  return builder;
}

/** The column by which rows are sorted, as Grafana has it. */
function rowOrder({ labels, queries }: BoardPanel): TableSortByFieldStateBuilder[] {
  const byLabels = labels
    .filter(({ isFirst }) => isFirst)
    .map(({ title }) => new TableSortByFieldStateBuilder().displayName(title).desc(false));
  const byValues = queries
    .filter(({ first }) => first !== undefined)
    .map(({ legend, first }) => new TableSortByFieldStateBuilder().displayName(legend).desc(first === 'most'));
  return [...byLabels, ...byValues];
}

function lastValue(): ReduceDataOptionsBuilder {
  return new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false).fields('');
}
