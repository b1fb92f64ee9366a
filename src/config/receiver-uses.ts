import type { ValuePath } from '../documents/yaml-document.js';
import type { WrittenNotifications } from './notification-schema.js';

/** A place where a receiver is named. */
export interface ReceiverUse {
  readonly name: string;
  readonly path: ValuePath;
}

/** Every place where the section names a receiver. */
export function receiverUses({ default: fallback, owners, heartbeat }: WrittenNotifications): readonly ReceiverUse[] {
  const places: (readonly [string | undefined, ...PropertyKey[]])[] = [
    ...(typeof fallback === 'string'
      ? [[fallback, 'default'] as const]
      : [[fallback.page, 'default', 'page'] as const, [fallback.ticket, 'default', 'ticket'] as const]),
    ...owners.flatMap((route, index) =>
      (['receiver', 'page', 'ticket'] as const).map((key) => [route[key], 'owners', index, key] as const),
    ),
    [heartbeat?.receiver, 'heartbeat', 'receiver'],
  ];
  return places.flatMap(([name, ...path]) => (name === undefined ? [] : [{ name, path: ['notifications', ...path] }]));
}
