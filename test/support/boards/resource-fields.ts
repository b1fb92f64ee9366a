/**
 * Which fields the resource `dashboard.grafana.app/v2` has, where our boards have any: names and kinds of values, as facts.
 * A field with `?` may be missing. `[x]` is a list, `{x}` a map by name, `a|b` one of several, `'a'` a certain text.
 *
 * @see grafana/grafana apps/dashboard/kinds/v2/dashboard_spec.cue
 */
const shapes: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Dashboard: { apiVersion: "'dashboard.grafana.app/v2'", kind: "'Dashboard'", metadata: 'Metadata', spec: 'Spec' },
  Metadata: { name: 'string' },
  Spec: {
    annotations: '[Annotation]',
    cursorSync: "'Crosshair'|'Tooltip'|'Off'",
    'description?': 'string',
    'editable?': 'bool',
    elements: '{Panel}',
    layout: 'RowsLayout',
    links: '[Link]',
    'liveNow?': 'bool',
    preload: 'bool',
    'revision?': 'int',
    tags: '[string]',
    timeSettings: 'TimeSettings',
    title: 'string',
    variables: '[QueryVariable|DatasourceVariable]',
    'preferences?': 'any',
  },
  Annotation: { kind: "'AnnotationQuery'", spec: 'AnnotationSpec' },
  AnnotationSpec: {
    query: 'DataQuery',
    enable: 'bool',
    hide: 'bool',
    iconColor: 'string',
    name: 'string',
    'builtIn?': 'bool',
    'filter?': 'any',
    'placement?': "'inControlsMenu'",
    'mappings?': '{any}',
    'legacyOptions?': '{any}',
  },
  DataQuery: {
    kind: "'DataQuery'",
    group: 'string',
    version: 'string',
    'labels?': '{string}',
    'datasource?': 'Datasource',
    spec: '{any}',
  },
  Datasource: { 'name?': 'string' },
  Panel: { kind: "'Panel'", spec: 'PanelSpec' },
  PanelSpec: {
    id: 'number',
    title: 'string',
    'description?': 'string',
    'subtitle?': 'string',
    links: '[any]',
    data: 'QueryGroup',
    vizConfig: 'VizConfig',
    'transparent?': 'bool',
  },
  QueryGroup: { kind: "'QueryGroup'", spec: 'QueryGroupSpec' },
  QueryGroupSpec: { queries: '[PanelQuery]', transformations: '[Transformation]', queryOptions: 'QueryOptions' },
  PanelQuery: { kind: "'PanelQuery'", spec: 'PanelQuerySpec' },
  PanelQuerySpec: { query: 'DataQuery', refId: 'string', hidden: 'bool' },
  Transformation: { kind: "'Transformation'", group: 'string', spec: 'TransformationSpec' },
  TransformationSpec: { 'disabled?': 'bool', 'filter?': 'Matcher', 'topic?': 'string', options: 'any' },
  QueryOptions: {
    'timeFrom?': 'string',
    'timeTo?': 'string',
    'maxDataPoints?': 'int',
    'timeShift?': 'string',
    'queryCachingTTL?': 'int',
    'interval?': 'string',
    'cacheTimeout?': 'string',
    'hideTimeOverride?': 'bool',
    'timeCompare?': 'string',
  },
  VizConfig: { kind: "'VizConfig'", group: 'string', version: 'string', spec: 'VizConfigSpec' },
  VizConfigSpec: { options: '{any}', fieldConfig: 'FieldConfigSource' },
  FieldConfigSource: { defaults: 'FieldConfig', overrides: '[Override]' },
  Override: { '__systemRef?': 'string', matcher: 'Matcher', properties: '[Property]' },
  Matcher: { id: 'string', 'scope?': "'series'|'nested'|'annotation'|'exemplar'", 'options?': 'any' },
  Property: { id: 'string', 'value?': 'any' },
  FieldConfig: {
    'displayName?': 'string',
    'displayNameFromDS?': 'string',
    'description?': 'string',
    'path?': 'string',
    'writeable?': 'bool',
    'filterable?': 'bool',
    'unit?': 'string',
    'decimals?': 'number',
    'min?': 'number',
    'max?': 'number',
    'mappings?': '[ValueMap]',
    'thresholds?': 'Thresholds',
    'color?': 'FieldColor',
    'links?': '[any]',
    'actions?': '[any]',
    'noValue?': 'string',
    'custom?': '{any}',
    'fieldMinMax?': 'bool',
    'nullValueMode?': "'null'|'connected'|'null as zero'",
  },
  ValueMap: { type: "'value'", options: '{MappingResult}' },
  MappingResult: { 'text?': 'string', 'color?': 'string', 'icon?': 'string', 'index?': 'int' },
  Thresholds: { mode: "'absolute'|'percentage'", steps: '[Threshold]' },
  Threshold: { value: 'number|null', 'valueExpr?': 'string', color: 'string' },
  FieldColor: {
    mode: "'thresholds'|'palette-classic'|'fixed'",
    'fixedColor?': 'string',
    'gradientColorTo?': 'string',
    'seriesBy?': "'min'|'max'|'last'",
  },
  RowsLayout: { kind: "'RowsLayout'", spec: 'RowsLayoutSpec' },
  RowsLayoutSpec: { rows: '[Row]' },
  Row: { kind: "'RowsLayoutRow'", spec: 'RowSpec' },
  RowSpec: {
    'title?': 'string',
    'collapse?': 'bool',
    'hideHeader?': 'bool',
    'fillScreen?': 'bool',
    'conditionalRendering?': 'any',
    'repeat?': 'any',
    layout: 'GridLayout',
    'variables?': '[any]',
  },
  GridLayout: { kind: "'GridLayout'", spec: 'GridLayoutSpec' },
  GridLayoutSpec: { items: '[GridItem]' },
  GridItem: { kind: "'GridLayoutItem'", spec: 'GridItemSpec' },
  GridItemSpec: { x: 'int', y: 'int', width: 'int', height: 'int', element: 'ElementReference', 'repeat?': 'any' },
  ElementReference: { kind: "'ElementReference'", name: 'string' },
  Link: {
    title: 'string',
    type: "'link'|'dashboards'",
    icon: 'string',
    tooltip: 'string',
    'url?': 'string',
    tags: '[string]',
    asDropdown: 'bool',
    targetBlank: 'bool',
    includeVars: 'bool',
    keepTime: 'bool',
    'placement?': "'inControlsMenu'",
    'origin?': 'any',
  },
  TimeSettings: {
    'timezone?': 'string',
    from: 'string',
    to: 'string',
    autoRefresh: 'string',
    autoRefreshIntervals: '[string]',
    'quickRanges?': '[any]',
    hideTimepicker: 'bool',
    'weekStart?': "'saturday'|'monday'|'sunday'",
    fiscalYearStartMonth: 'int',
    'nowDelay?': 'string',
  },
  QueryVariable: { kind: "'QueryVariable'", spec: 'QueryVariableSpec' },
  QueryVariableSpec: {
    name: 'string',
    current: 'VariableOption',
    'label?': 'string',
    hide: "'dontHide'|'hideLabel'|'hideVariable'|'inControlsMenu'",
    refresh: "'never'|'onDashboardLoad'|'onTimeRangeChanged'",
    skipUrlSync: 'bool',
    'description?': 'string',
    query: 'DataQuery',
    regex: 'string',
    'regexApplyTo?': "'value'|'text'",
    sort: "'disabled'|'alphabeticalCaseInsensitiveAsc'",
    'definition?': 'string',
    options: '[VariableOption]',
    multi: 'bool',
    includeAll: 'bool',
    'allValue?': 'string',
    'placeholder?': 'string',
    allowCustomValue: 'bool',
    'staticOptions?': '[VariableOption]',
    'staticOptionsOrder?': "'before'|'after'|'sorted'",
    'origin?': 'any',
  },
  DatasourceVariable: { kind: "'DatasourceVariable'", spec: 'DatasourceVariableSpec' },
  DatasourceVariableSpec: {
    name: 'string',
    pluginId: 'string',
    refresh: "'never'|'onDashboardLoad'|'onTimeRangeChanged'",
    regex: 'string',
    current: 'VariableOption',
    options: '[VariableOption]',
    multi: 'bool',
    includeAll: 'bool',
    'allValue?': 'string',
    'label?': 'string',
    hide: "'dontHide'|'hideLabel'|'hideVariable'|'inControlsMenu'",
    skipUrlSync: 'bool',
    'description?': 'string',
    allowCustomValue: 'bool',
    'origin?': 'any',
  },
  VariableOption: {
    'selected?': 'bool',
    text: 'string|[string]',
    value: 'string|[string]',
    'properties?': '{string}',
  },
};

/** Fields of a document that the resource has not, has otherwise, or wants: each with the way to it. */
export function resourceMistakes(document: unknown): readonly string[] {
  return mistakes(document, 'Dashboard', '');
}

function mistakes(value: unknown, kind: string, at: string): readonly string[] {
  const isOne = /^[[{]/.test(kind) || !kind.includes('|');
  const alternatives = isOne ? [kind] : kind.split('|');
  return alternatives.map((one) => mistakesOfOne(value, one, at)).toSorted((a, b) => a.length - b.length)[0]!;
}

const plain: Readonly<Record<string, (value: unknown) => boolean>> = {
  any: () => true,
  null: (value) => value === null,
  string: (value) => typeof value === 'string',
  bool: (value) => typeof value === 'boolean',
  number: (value) => typeof value === 'number',
  int: Number.isInteger,
};

function mistakesOfOne(value: unknown, kind: string, at: string): readonly string[] {
  const wrong = [`${at}: ${JSON.stringify(value)} is no ${kind}`];
  const test = plain[kind];
  if (test !== undefined) return test(value) ? [] : wrong;
  if (kind.startsWith("'")) return kind === `'${String(value)}'` ? [] : wrong;
  if (kind.startsWith('[')) {
    if (!Array.isArray(value)) return wrong;
    return value.flatMap((one, index) => mistakes(one, kind.slice(1, -1), `${at}[${index}]`));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return wrong;
  if (kind.startsWith('{')) {
    return Object.entries(value).flatMap(([name, one]) => mistakes(one, kind.slice(1, -1), `${at}.${name}`));
  }
  return mistakesOfShape(value, kind, at);
}

function mistakesOfShape(value: object, kind: string, at: string): readonly string[] {
  const shape = shapes[kind]!;
  const known = new Set(Object.keys(shape).map((field) => field.replace('?', '')));
  const unknown = Object.keys(value).filter((name) => !known.has(name));
  return [
    ...unknown.map((name) => `${at}.${name}: ${kind} has no such field`),
    ...Object.entries(shape).flatMap(([field, of]) => {
      const name = field.replace('?', '');
      const part = (value as Readonly<Record<string, unknown>>)[name];
      if (part === undefined) return field.endsWith('?') ? [] : [`${at}.${name}: ${kind} wants it`];
      return mistakes(part, of, `${at}.${name}`);
    }),
  ];
}
