/* eslint-disable @typescript-eslint/no-deprecated -- Grafana 11 and 12.1 read no other schema. */
import {
  AnnotationQueryBuilder,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { formatDuration } from '../../domain/duration.js';
import type { Board, BoardEvents, BoardVariable } from '../../domain/board.js';
import { classicLink, classicPanel, datasource } from './classic-panel.js';
import { colourOf } from './panel-words.js';

const everything = { text: 'All', value: '$__all' };

/** The board in the schema that Grafana 11 to 13 read: a dashboard as one imports, provisions or posts it. */
export function classicBoard(board: Board): Dashboard {
  const { uid, title, description, tags, rangeSeconds, refreshSeconds, variables, links, events, rows } = board;
  const builder = new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags([...tags])
    .timezone('browser')
    .editable()
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: `now-${formatDuration(rangeSeconds)}`, to: 'now' })
    .refresh(formatDuration(refreshSeconds))
    .annotations([])
    .withVariable(new DatasourceVariableBuilder('datasource').label('Prometheus').type('prometheus'));
  for (const one of variables) builder.withVariable(variable(one));
  for (const one of events) builder.annotation(annotation(one));
  for (const link of links) builder.link(classicLink(link));
  builder.link(
    new DashboardLinkBuilder('All boards')
      .type(DashboardLinkType.Dashboards)
      .tags(['meshslo'])
      .asDropdown(true)
      .keepTime(true),
  );
  for (const row of rows) {
    const [first] = row.panels;
    builder.withRow(
      new RowBuilder(row.title).id(first!.id + row.panels.length).gridPos({ x: 0, y: row.y, w: 24, h: 1 }),
    );
    for (const panel of row.panels) builder.withPanel(classicPanel(panel));
  }
  return withoutExtras(builder.build());
}

function variable({ name, title, label, selector, single }: BoardVariable): QueryVariableBuilder {
  const query = `label_values(${selector}, ${label})`;
  const builder = new QueryVariableBuilder(name)
    .label(title)
    .datasource(datasource)
    .query({ qryType: 1, query, refId: 'PrometheusVariableQueryEditor-VariableQuery' })
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalCaseInsensitiveAsc)
    .multi(!single)
    .includeAll(!single);
  // An absent label is empty: without it, whatever has none would be left out.
  return single ? builder : builder.allValue('.*').current(everything);
}

function annotation({ name, tone, source, isOff = false }: BoardEvents): AnnotationQueryBuilder {
  const builder = new AnnotationQueryBuilder().name(name).enable(!isOff).iconColor(colourOf(tone));
  if (source.kind === 'query') {
    const { expr, title, text } = source;
    return builder.datasource(datasource).expr(expr).step('60s').titleFormat(title).textFormat(text);
  }
  const { tags } = source;
  const target = {
    refId: 'Anno',
    type: 'tags',
    tags: [...tags],
    limit: 100,
    matchAny: false,
    _implementsDataqueryVariant: () => undefined,
  };
  return builder
    .datasource({ type: 'grafana', uid: '-- Grafana --' })
    .type('tags')
    .target({ build: () => target });
}

/**
 * What the SDK adds and no Grafana asks for: it hides links and annotations in a menu, and gives every variable what only those of
 * intervals have.
 *
 * @see grafana/grafana-foundation-sdk issue 1202
 */
function withoutExtras(dashboard: Dashboard): Dashboard {
  for (const one of [...(dashboard.links ?? []), ...(dashboard.annotations.list ?? [])]) delete one.placement;
  for (const one of dashboard.templating.list ?? []) for (const key of intervalKeys) Reflect.deleteProperty(one, key);
  return dashboard;
}

const intervalKeys = ['auto', 'auto_min', 'auto_count'];
