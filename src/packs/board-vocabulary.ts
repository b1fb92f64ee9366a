import type { BoardPacks } from './board-pack.js';
import { loadControlPlanePacks } from './load-control-plane-packs.js';
import type { MetricVocabulary, MetricWord } from './metric-vocabulary.js';

/**
 * Every metric that boards may name: what rules record, what Prometheus makes itself, what control planes and meshslo tell, and
 * what the packs bring along.
 */
export function boardVocabulary({ metrics, additions, boards }: BoardPacks): MetricVocabulary {
  const words: readonly MetricWord[] = [
    ...controlPlaneWords(),
    ...metrics,
    ...additions.flatMap((one) => one.metrics),
    ...boards.flatMap((one) => one.metrics),
  ];
  return new Map(words.map((word) => [word.name, word]));
}

let known: readonly MetricWord[] | undefined;

/** Read once: they come with meshslo. */
function controlPlaneWords(): readonly MetricWord[] {
  return (known ??= [...loadControlPlanePacks().values()].flatMap((pack) => [...pack.metrics.values()]));
}
