import { type AnnotationKind, annotationTags, tagValue } from '../../domain/annotation-tags.js';
import type { BoardEvents, Tone } from '../../domain/board.js';
import type { EventSource } from '../../packs/board-pack.js';
import { binary, call, maxBy, number, sumBy } from '../../promql/expression.js';
import type { Expression, Matcher, Selector } from '../../promql/expression.js';
import type { BoardScope } from './board-scope.js';
import { scopedSelector, scopeOf } from './board-scope.js';
import { grafanaText, grafanaVariable, isChosen } from './grafana-text.js';
import { serviceLabels } from '../rules/series-names.js';
import { rawSeries } from './raw-series.js';
import { shownFact } from './traffic-facts.js';

const alertLabels = ['cluster', 'namespace', 'service', 'owner'] as const;

/** Moments that a board marks on its charts; those that its meshes cannot tell are left out. */
export function boardEvents(source: EventSource, scope: BoardScope): readonly BoardEvents[] {
  switch (source) {
    case 'alerts':
      return [alerts(scope), { ...written('Alerts of meshslo', 'alert', 'bad', scope), isOff: true }];
    case 'deploys':
      return [written('Deploys', 'deploy', 'plain', scope), ...newVersions(scope)];
    case 'control-plane':
      return [
        { name: 'Control plane', tone: 'warning', source: { kind: 'tags', tags: annotationTags('control-plane') } },
      ];
    case 'migrations':
      return [written('Migrations', 'migration', 'good', scope)];
    case 'corrections':
      return [written('Corrections', 'correction', 'quiet', scope)];
    case 'findings':
      return [findings(scope), { ...written('Findings of meshslo', 'finding', 'warning', scope), isOff: true }];
  }
}

function alerts(scope: BoardScope): BoardEvents {
  const isTold: readonly Matcher[] = [
    { label: 'alertstate', operator: '=', value: 'firing' },
    { label: 'severity', operator: '=~', value: 'page|ticket' },
  ];
  const all = scopedSelector({ name: 'ALERTS', type: 'gauge', labels: alertLabels }, [], scope);
  const firing = maxBy(['alertname', 'severity', 'namespace', 'service', 'slo'], {
    ...all,
    matchers: [...isTold, ...all.matchers],
  });
  return {
    name: 'Alerts',
    tone: 'bad',
    source: {
      kind: 'query',
      expr: grafanaText(firing),
      title: '{{alertname}}',
      text: '{{namespace}}/{{service}} {{slo}} ({{severity}})',
    },
  };
}

/** Annotations that meshslo, or somebody, wrote into Grafana: of the board's service, or of all. */
function written(name: string, kind: AnnotationKind, tone: Tone, scope: BoardScope): BoardEvents {
  const here = serviceLabels.flatMap((label) => {
    const said = scopeOf(label, scope);
    // What is left open, or of which several may be chosen, is no one text.
    if (said?.operator !== '=') return [];
    return [`${label}:${isChosen(said.value) ? grafanaVariable(said.value) : tagValue(said.value)}`];
  });
  return { name, tone, source: { kind: 'tags', tags: [...annotationTags(kind), ...here] } };
}

/** A version that answers now and did not five minutes ago. */
function newVersions(scope: BoardScope): readonly BoardEvents[] {
  return scope.meshes.flatMap((pack): readonly BoardEvents[] => {
    const series = rawSeries(pack, 'server', pack.requests.families, ['good', 'bad', 'left-out'], scope);
    const by = series && shownFact('version', pack, series.view, scope)?.raw;
    if (by === undefined) return [];
    const seen = (offsetSeconds: number): Expression => {
      const rates = series!.read((one) => {
        const selector: Selector = { ...one, rangeSeconds: 300 };
        return call('rate', offsetSeconds === 0 ? selector : { ...selector, offsetSeconds });
      });
      return binary(sumBy(by, rates), '>', number(0));
    };
    const expr = grafanaText(binary(seen(0), 'unless', seen(300)));
    const text = by.map((label) => `{{${label}}}`).join(' ');
    return [{ name: 'New versions', tone: 'plain', source: { kind: 'query', expr, title: 'Another version', text } }];
  });
}

/** What meshslo found wrong with the mesh, as its own metrics tell. */
function findings(scope: BoardScope): BoardEvents {
  const grave: Matcher = { label: 'severity', operator: '=~', value: 'critical|warning' };
  const all = scopedSelector({ name: 'meshslo_findings', type: 'gauge', labels: ['cluster', 'owner'] }, [], scope);
  const ongoing = sumBy(['kind', 'severity', 'cluster'], { ...all, matchers: [...all.matchers, grave] });
  const expr = grafanaText(binary(ongoing, '>', number(0)));
  return {
    name: 'Findings',
    tone: 'warning',
    source: { kind: 'query', expr, title: '{{kind}}', text: '{{severity}} {{cluster}}' },
  };
}
