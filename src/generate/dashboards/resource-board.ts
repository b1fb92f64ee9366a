import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import {
  type AnnotationQueryKind,
  type Dashboard,
  DashboardCursorSync,
  type DashboardLink,
  DashboardLinkType,
  type DataQueryKind,
  type PanelKind,
  type RowsLayoutRowKind,
  type VariableKind,
  VariableHide,
  VariableRefresh,
  VariableRegexApplyTo,
  VariableSort,
  defaultDatasourceVariableSpec,
  defaultQueryVariableSpec,
  defaultTimeSettingsSpec,
} from '@grafana/grafana-foundation-sdk/dashboardv2';
import type { Board, BoardEvents, BoardPanel, BoardRow, BoardVariable } from '../../domain/board.js';
import { formatDuration } from '../../domain/duration.js';
import { classicPanel } from './classic-panel.js';
import { colourOf } from './panel-words.js';

/** A dashboard as Grafana 13 keeps it: a resource with elements, and a layout that places them. */
export interface BoardResource {
  readonly apiVersion: 'dashboard.grafana.app/v2';
  readonly kind: 'Dashboard';
  readonly metadata: { readonly name: string };
  readonly spec: Dashboard;
}

/** The board in the schema v2. Panels are drawn as in the classic one: options and fields have not changed. */
export function resourceBoard(board: Board): BoardResource {
  const { uid, title, description, tags, rangeSeconds, refreshSeconds, variables, links, events, rows } = board;
  const panels = rows.flatMap((row) => row.panels);
  const spec: Dashboard = {
    title,
    description,
    tags: [...tags],
    editable: true,
    liveNow: false,
    preload: false,
    cursorSync: DashboardCursorSync.Crosshair,
    annotations: events.map(annotation),
    elements: Object.fromEntries(panels.map((panel) => [elementName(panel), element(panel)])),
    layout: { kind: 'RowsLayout', spec: { rows: rows.map(layoutRow) } },
    links: [...links.map(({ title: name, url, keepsView }) => link(name, { url, keepsView })), link('All boards', {})],
    timeSettings: {
      ...defaultTimeSettingsSpec(),
      from: `now-${formatDuration(rangeSeconds)}`,
      to: 'now',
      autoRefresh: formatDuration(refreshSeconds),
    },
    variables: [datasourceVariable(), ...variables.map(variable)],
  };
  return { apiVersion: 'dashboard.grafana.app/v2', kind: 'Dashboard', metadata: { name: uid }, spec };
}

function elementName({ id }: BoardPanel): string {
  return `panel-${id}`;
}

function ask(spec: object, group = 'prometheus', datasource = '${datasource}'): DataQueryKind {
  return { kind: 'DataQuery', group, version: 'v0', datasource: { name: datasource }, spec };
}

function element(panel: BoardPanel): PanelKind {
  const classic: Panel = classicPanel(panel).build();
  // What the targets of the classic panel hold, without the name and the place of the question.
  const queries = panel.queries.map(({ refId }, index) => {
    const asked = Object.entries(classic.targets?.[index] ?? {}).filter(
      ([key]) => key !== 'refId' && key !== 'datasource',
    );
    return { kind: 'PanelQuery' as const, spec: { refId, hidden: false, query: ask(Object.fromEntries(asked)) } };
  });
  const transformations = (classic.transformations ?? []).map(({ id, options }) => ({
    kind: 'Transformation' as const,
    group: id,
    spec: { options: options as object },
  }));
  return {
    kind: 'Panel',
    spec: {
      id: panel.id,
      title: panel.title,
      description: panel.description,
      links: [],
      data: {
        kind: 'QueryGroup',
        spec: { queries, transformations, queryOptions: { interval: classic.interval! } },
      },
      vizConfig: {
        kind: 'VizConfig',
        group: classic.type,
        version: '',
        spec: { options: classic.options as object, fieldConfig: classic.fieldConfig as never },
      },
    },
  };
}

function layoutRow({ title, y, panels }: BoardRow): RowsLayoutRowKind {
  const items = panels.map((panel) => ({
    kind: 'GridLayoutItem' as const,
    spec: {
      ...panel.place,
      // Below the row's own heading.
      y: panel.place.y - y - 1,
      element: { kind: 'ElementReference' as const, name: elementName(panel) },
    },
  }));
  return {
    kind: 'RowsLayoutRow',
    spec: { title, collapse: false, layout: { kind: 'GridLayout', spec: { items } } },
  };
}

function link(
  title: string,
  { url, keepsView = true }: { readonly url?: string; readonly keepsView?: boolean },
): DashboardLink {
  return {
    title,
    type: url === undefined ? DashboardLinkType.Dashboards : DashboardLinkType.Link,
    icon: 'external link',
    tooltip: '',
    ...(url !== undefined && { url }),
    tags: url === undefined ? ['meshslo'] : [],
    asDropdown: url === undefined,
    targetBlank: false,
    includeVars: url !== undefined && keepsView,
    keepTime: keepsView,
  };
}

function datasourceVariable(): VariableKind {
  const spec = { ...defaultDatasourceVariableSpec(), name: 'datasource', label: 'Prometheus', pluginId: 'prometheus' };
  return { kind: 'DatasourceVariable', spec };
}

function variable({ name, title, label, selector, single }: BoardVariable): VariableKind {
  const query = `label_values(${selector}, ${label})`;
  return {
    kind: 'QueryVariable',
    spec: {
      ...defaultQueryVariableSpec(),
      name,
      label: title,
      hide: VariableHide.DontHide,
      refresh: VariableRefresh.OnTimeRangeChanged,
      regexApplyTo: VariableRegexApplyTo.Value,
      sort: VariableSort.AlphabeticalCaseInsensitiveAsc,
      query: ask({ qryType: 1, query, refId: 'PrometheusVariableQueryEditor-VariableQuery' }),
      definition: query,
      multi: !single,
      includeAll: !single,
      ...(!single && { allValue: '.*', current: { text: 'All', value: '$__all' } }),
    },
  };
}

function annotation({ name, tone, source, isOff = false }: BoardEvents): AnnotationQueryKind {
  const shared = { name, enable: !isOff, hide: false, iconColor: colourOf(tone) };
  if (source.kind === 'query') {
    const { expr, title, text } = source;
    const query = ask({ refId: 'Anno', expr, interval: '60s' });
    // What is said of a mark is no part of the question: Grafana's Prometheus looks for it beside.
    return {
      kind: 'AnnotationQuery',
      spec: { ...shared, query, legacyOptions: { titleFormat: title, textFormat: text } },
    };
  }
  const spec = { refId: 'Anno', type: 'tags', tags: [...source.tags], limit: 100, matchAny: false };
  return { kind: 'AnnotationQuery', spec: { ...shared, query: ask(spec, 'grafana', '-- Grafana --') } };
}
