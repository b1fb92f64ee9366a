import type { WrittenQuery } from '../../packs/board-pack.js';
import type { Measure } from '../../packs/measure.js';
import { binary, call, number } from '../../promql/expression.js';
import type { Expression } from '../../promql/expression.js';
import { sumOfAny } from '../rules/added.js';
import type { BoardScope } from './board-scope.js';
import { callsExpression } from './calls-measure.js';
import { familyExpression } from './family-measure.js';
import type { Moment } from './moment.js';
import { processExpression } from './process-measure.js';
import { sliExpression, sloExpression } from './slo-measure.js';
import { trafficExpression } from './traffic-measure.js';

/** What a query asks for; undefined where the meshes of the board do not tell it. */
export function queryExpression(query: WrittenQuery, scope: BoardScope, moment: Moment): Expression | undefined {
  const { measure, above, below, top, bottom, count, countBy, zeroWhere } = query;
  const measured = measureExpression(measure, scope, moment);
  if (measured === undefined) return undefined;
  const over = above === undefined ? measured : binary(measured, '>', number(above));
  const kept = below === undefined ? over : binary(over, '<', number(below));
  const largest = top === undefined ? kept : call('topk', number(top), kept);
  const fewest = bottom === undefined ? largest : call('bottomk', number(bottom), largest);
  const counted = (of: Expression): Expression =>
    count ? { kind: 'aggregation', operator: 'count', by: countBy, of } : of;
  const told = zeroWhere && measureExpression(zeroWhere, scope, moment);
  return told ? binary(counted(fewest), 'or', binary(counted(told), '*', number(0))) : counted(fewest);
}

function measureExpression(measure: Measure, scope: BoardScope, moment: Moment): Expression | undefined {
  switch (measure.kind) {
    case 'sli':
      return sliExpression(measure, scope, moment);
    case 'slo':
      return sloExpression(measure, scope);
    case 'traffic':
      return trafficExpression(measure, scope, moment);
    case 'process':
      return processExpression(measure, scope);
    case 'calls':
      return callsExpression(measure, scope);
    case 'share': {
      const of = measureExpression(measure.of, scope, moment);
      const whole = measureExpression(measure.in, scope, moment);
      return of && whole && binary(of, '/', binary(whole, '>', number(0)));
    }
    case 'sum': {
      const told = measure.of.flatMap((one) => measureExpression(one, scope, moment) ?? []);
      return told.length === 0 ? undefined : sumOfAny(measure.by, told);
    }
    default:
      return familyExpression(measure, scope, moment);
  }
}
