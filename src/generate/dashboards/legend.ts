import type { WrittenQuery } from '../../packs/board-pack.js';
import type { TrafficFact } from '../../packs/measure.js';
import { trafficFacts } from '../../packs/measure.js';
import type { BoardScope } from './board-scope.js';
import { perspectiveFor, shownFact } from './traffic-facts.js';

/** What series are called: facts of a mesh by the labels that it has for them, and none where it has none. */
export function legendOf({ legend, measure }: WrittenQuery, scope: BoardScope): string {
  const traffic = measure.kind === 'share' ? measure.of : measure;
  const { perspective, by } = traffic.kind === 'traffic' ? traffic : { perspective: 'server' as const, by: [] };
  const named = legend.replaceAll(/(?<!\{)\{(\w+)\}(?!\})/g, (all, word: string) => {
    const labels = scope.meshes.flatMap((pack): readonly string[] => {
      if (traffic.kind === 'process') return word === 'version' && pack.version ? [pack.version.label] : [];
      const seen = perspectiveFor({ perspective, by }, pack, scope);
      const view = pack.views.find((one) => one.perspective === seen);
      return view && isFact(word) ? (shownFact(word, pack, view, scope)?.shown ?? []) : [];
    });
    if (labels.length === 0) return traffic.kind === 'traffic' && isFact(word) ? '' : all;
    return [...new Set(labels)].map((label) => `{{${label}}}`).join(word === 'service' ? '/' : ' ');
  });
  return named.trim();
}

function isFact(word: string): word is TrafficFact {
  return trafficFacts.some((fact) => fact === word);
}
