import {
  FieldColorModeId,
  MappingType,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Threshold, ValueMap } from '@grafana/grafana-foundation-sdk/dashboard';
import type { BoardPanel, BoardUnit, PanelStep, Tone, ValueWord } from '../../domain/board.js';

/** Grafana's palette by meaning: it has a light and a dark shade of each name. */
const toneColours: Readonly<Record<Tone, string>> = {
  plain: 'blue',
  good: 'green',
  bad: 'red',
  warning: 'orange',
  quiet: 'text',
  p50: 'light-purple',
  p90: 'purple',
  p99: 'dark-purple',
};

export function colourOf(tone: Tone): string {
  return toneColours[tone];
}

/** A unit as Grafana calls it. */
export function grafanaUnit(unit: BoardUnit): string {
  return unit === 'x' ? 'suffix:x' : unit;
}

/** Limits as colours; the first holds below all others. */
export function thresholds(steps: readonly PanelStep[]): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(thresholdSteps(steps));
}

export function thresholdSteps(steps: readonly PanelStep[]): Threshold[] {
  const known = steps.length > 0 ? steps : [{ from: undefined, tone: 'plain' as const }];
  return known.map(({ from, tone }) => ({ value: from ?? null, color: colourOf(tone) }));
}

/**
 * Words in place of values. One by one: Grafana takes a range without an end for one that ends at zero.
 *
 * @see grafana/grafana packages/grafana-data/src/utils/valueMappings.ts
 */
export function mappings(words: readonly ValueWord[]): ValueMap[] {
  if (words.length === 0) return [];
  const options = Object.fromEntries(words.map(({ value, text }, index) => [String(value), { text, index }]));
  return [{ type: MappingType.ValueToText, options }];
}

/** Colours of series whose query has a meaning; all others take turns. */
export function toneOverrides({ queries }: BoardPanel) {
  return queries.flatMap(({ refId, tone }) => {
    if (tone === undefined) return [];
    const color = { mode: FieldColorModeId.Fixed, fixedColor: colourOf(tone) };
    return [{ matcher: { id: 'byFrameRefID', options: refId }, properties: [{ id: 'color', value: color }] }];
  });
}

/** The name under which a table has the values of a query. */
export function valueField({ queries }: BoardPanel, refId: string): string {
  return queries.length === 1 ? 'Value' : `Value #${refId}`;
}

/** How the answers of several queries become one table, or a graph's two lists. */
export function transformations(panel: BoardPanel): { id: string; options: object }[] {
  if (panel.kind === 'graph') {
    return [{ id: 'renameByRegex', options: { regex: '^Value.*$', renamePattern: 'mainstat' } }];
  }
  if (panel.kind !== 'table') return [];
  const fields = [
    ...panel.labels.map(({ label }) => label),
    ...panel.queries.map(({ refId }) => valueField(panel, refId)),
  ];
  return [
    ...(panel.queries.length > 1 ? [{ id: 'merge', options: {} }] : []),
    { id: 'filterFieldsByName', options: { include: { names: fields } } },
    {
      id: 'organize',
      options: {
        indexByName: Object.fromEntries(fields.map((field, index) => [field, index])),
        excludeByName: {},
        renameByName: {},
      },
    },
  ];
}

/** What tables call their columns, and how each is shown. Fields keep their names, so that links can ask for them. */
export function columnOverrides(panel: BoardPanel) {
  const ofLabels = panel.labels.map(({ label, title, url }) => ({
    matcher: { id: 'byName', options: label },
    properties: [
      { id: 'displayName', value: title },
      ...(url === undefined
        ? []
        : [{ id: 'links', value: [{ title: `${title}: \${__value.text}`, url, targetBlank: false }] }]),
    ],
  }));
  const ofValues = panel.queries.map(({ refId, legend, unit, steps, words, decimals }) => ({
    matcher: { id: 'byName', options: valueField(panel, refId) },
    properties: [
      { id: 'displayName', value: legend },
      { id: 'unit', value: grafanaUnit(unit ?? panel.unit) },
      ...(decimals === undefined ? [] : [{ id: 'decimals', value: decimals }]),
      ...(words === undefined ? [] : [{ id: 'mappings', value: mappings(words) }]),
      ...(steps === undefined
        ? []
        : [
            { id: 'thresholds', value: { mode: ThresholdsMode.Absolute, steps: thresholdSteps(steps) } },
            { id: 'color', value: { mode: FieldColorModeId.Thresholds } },
            { id: 'custom.cellOptions', value: { type: 'color-text' } },
          ]),
    ],
  }));
  return [...ofLabels, ...ofValues];
}
