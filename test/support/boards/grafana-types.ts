import { join } from 'node:path';
import ts from 'typescript';

/** A document of Grafana's and the name of the type that it must have, of {@link grafanaTypes}. */
export interface TypedDocument {
  readonly name: string;
  readonly type: 'ClassicDashboard' | 'ClassicPanel' | 'V2Spec';
  readonly value: unknown;
}

/**
 * Grafana's own types as JSON has them: what is an enum there is one of its values here, and options are those of the kind of
 * panel. Literals are held against them, so that a key which Grafana does not know is a mistake, too.
 */
const grafanaTypes = `
import type * as grafana from '@grafana/schema';
import type * as v2 from '@grafana/schema/apis/dashboard.grafana.app/v2';
import type * as stat from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import type * as timeseries from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';
import type * as table from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen';
import type * as bargauge from '@grafana/schema/dist/esm/raw/composable/bargauge/panelcfg/x/BarGaugePanelCfg_types.gen';
import type * as heatmap from '@grafana/schema/dist/esm/raw/composable/heatmap/panelcfg/x/HeatmapPanelCfg_types.gen';
import type * as nodegraph from '@grafana/schema/dist/esm/raw/composable/nodegraph/panelcfg/x/NodeGraphPanelCfg_types.gen';
import type { Dataquery as PrometheusQuery } from '@grafana/grafana-foundation-sdk/prometheus';

type Json<T> = unknown extends T ? T
  : T extends string ? \`\${T}\`
  : T extends number | boolean | null | undefined ? T
  : T extends readonly (infer E)[] ? readonly Json<E>[]
  : T extends object ? { [K in keyof T]: Json<T[K]> } : T;

type Datasource = { type: 'prometheus'; uid: '\${datasource}' };
type Target = Omit<Json<Omit<PrometheusQuery, '_implementsDataqueryVariant' | 'datasource'>>, never> & { datasource: Datasource };
type Options = {
  stat: { options: Partial<stat.Options>; custom: object };
  timeseries: { options: timeseries.Options; custom: timeseries.FieldConfig };
  table: { options: Partial<table.Options>; custom: Partial<table.FieldConfig> };
  bargauge: { options: Partial<bargauge.Options>; custom: object };
  heatmap: { options: Partial<heatmap.Options>; custom: Partial<heatmap.FieldConfig> };
  nodeGraph: { options: nodegraph.Options; custom: object };
};
type Shared = Json<Required<Pick<grafana.Panel, 'id' | 'title' | 'description' | 'gridPos' | 'interval'>>>
  & Json<Pick<grafana.Panel, 'transparent' | 'links' | 'transformations' | 'repeatDirection'>>;
type PanelOf<K extends keyof Options> = Shared & {
  type: K;
  datasource: Datasource;
  targets: readonly Target[];
  options: Json<Options[K]['options']>;
  fieldConfig: {
    defaults: Json<Omit<grafana.FieldConfig, 'custom'>> & { custom?: Json<Options[K]['custom']> };
    overrides: readonly { matcher: { id: 'byName' | 'byFrameRefID'; options: string }; properties: readonly { id: string; value: unknown }[] }[];
  };
};
export type ClassicPanel = { [K in keyof Options]: PanelOf<K> }[keyof Options] | Json<grafana.RowPanel>;
type Marks = Json<Omit<grafana.AnnotationQuery, 'target' | 'datasource'>>;
// A query's own keys are its datasource's: public/app/plugins/datasource/{prometheus,grafana} of grafana/grafana.
type Annotation =
  | (Marks & { datasource: Datasource; expr: string; step: string; titleFormat: string; textFormat: string })
  | (Marks & {
      datasource: { type: 'grafana'; uid: '-- Grafana --' };
      target: { refId: string; type: 'tags'; tags: readonly string[]; limit: number; matchAny: boolean };
    });
// Of a variable that asks, what its list of queries shows: public/app/features/variables/query.
type Variable = Json<grafana.VariableModel> & { definition?: string };
export type ClassicDashboard = Json<Omit<grafana.Dashboard, 'panels' | 'annotations' | 'templating'>> & {
  annotations: { list: readonly Annotation[] };
  templating: { list: readonly Variable[] };
};
export type V2Spec = Json<v2.Spec>;
`;

const root = join(import.meta.dirname, '..', '..', '..');
const virtualFile = join(root, 'test', 'support', 'boards', 'virtual-documents.ts');

/** What TypeScript says of documents that are not as Grafana's types have them; a line each. */
export function typeMistakes(documents: readonly TypedDocument[]): readonly string[] {
  const constants = documents.map(
    ({ type, value }, index) => `export const document${index}: ${type} = ${JSON.stringify(value)};\n`,
  );
  const text = `${grafanaTypes}\n${constants.join('')}`;
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: [],
  };
  const disk = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (file) => file === virtualFile || disk.fileExists(file),
    readFile: (file) => (file === virtualFile ? text : disk.readFile(file)),
    getSourceFile: (file, version) =>
      file === virtualFile ? ts.createSourceFile(file, text, version) : disk.getSourceFile(file, version),
  };
  const program = ts.createProgram([virtualFile], options, host);
  const source = program.getSourceFile(virtualFile)!;
  const firstLine = grafanaTypes.split('\n').length;
  return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map((found) => {
    const line = source.getLineAndCharacterOfPosition(found.start ?? 0).line - firstLine;
    return `${documents[line]?.name ?? 'types'}: ${ts.flattenDiagnosticMessageText(found.messageText, ' ')}`;
  });
}
