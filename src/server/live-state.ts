import type { Clock } from '../domain/clock.js';
import type { AlertBook } from './alert-book.js';
import type { LiveState } from './live-events.js';
import type { StatusReader } from './status-reader.js';
import { newestSlot } from './watcher-view.js';

/** How things are now, as far as open pages are told. */
export function liveState({
  reader,
  alerts,
  clock,
}: {
  readonly reader: StatusReader;
  readonly alerts: AlertBook;
  readonly clock: Pick<Clock, 'now'>;
}): LiveState {
  const calling = alerts.ongoing().filter(({ inhibited }) => !inhibited);
  return {
    slot: newestSlot(reader.health()),
    alerts: {
      atSeconds: clock.now(),
      pages: calling.filter(({ severity }) => severity === 'page').length,
      tickets: calling.filter(({ severity }) => severity === 'ticket').length,
    },
  };
}
