import type { ServiceId } from '../../domain/service-id.js';
import type { ReportScope } from '../week-report.js';

/** `shop/cart`; with its cluster where there are several. */
export function serviceName({ cluster, namespace, name }: ServiceId, hasOneCluster = true): string {
  return hasOneCluster ? `${namespace}/${name}` : `${cluster}/${namespace}/${name}`;
}

/** `the organisation`, `team-shop`, `eu/shop/cart`. */
export function scopeName(scope: ReportScope): string {
  switch (scope.kind) {
    case 'organisation':
      return 'the organisation';
    case 'team':
      return scope.owner;
    case 'service':
      return serviceName(scope.service, false);
  }
}

/** `a`, `a and b`, `a, b and c`, `a, b and 7 more`. */
export function listed(names: readonly string[], most = 3): string {
  const shown = names.length <= most ? names : names.slice(0, most - 1);
  const rest = names.length - shown.length;
  const all = rest > 0 ? [...shown, `${rest} more`] : shown;
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)!}`;
}

/** `1 promise`, `7 promises`. */
export function counted(amount: number, noun: string, plural = `${noun}s`): string {
  return `${new Intl.NumberFormat('en-US').format(amount)} ${amount === 1 ? noun : plural}`;
}
