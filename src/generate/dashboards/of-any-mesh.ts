import { chain } from '../../promql/expression.js';
import type { Aggregation, Expression } from '../../promql/expression.js';
import { constantLabel } from '../rules/named-services.js';

/** What one mesh tells. */
export interface OfMesh {
  readonly mesh: string;
  readonly series: Expression;
  /** Those that its series have. */
  readonly labels: readonly string[];
}

/**
 * What several meshes tell, in one: of a service that two of them carry, both have series of the same labels, and `or` by itself
 * would show those of the first alone. Undefined where none tells it.
 */
export function ofAnyMesh(told: readonly OfMesh[], join: Aggregation['operator']): Expression | undefined {
  const [first, ...others] = told;
  if (first === undefined || others.length === 0) return first?.series;
  const marked = ({ mesh, series }: OfMesh): Expression => constantLabel(series, 'mesh', mesh);
  return {
    kind: 'aggregation',
    operator: join,
    by: [...new Set(told.flatMap(({ labels }) => labels))],
    of: chain('or', [marked(first), ...others.map(marked)]),
  };
}
