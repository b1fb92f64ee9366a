import { createServer, type Server, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { FaultSwitchboard } from './fault-switchboard.js';
import { history, type HistoryRange } from './history.js';
import { historyText } from './history-text.js';
import { acceptsGzip } from './loopback.js';
import type { MeshModel } from './mesh-model.js';
import type { MeshServers } from './mesh-servers.js';

/** The past that can be asked for, and the switches of what goes wrong. */
export interface HistorySource {
  readonly model: MeshModel;
  readonly seed: number;
  readonly range: HistoryRange;
  readonly faults: FaultSwitchboard;
}

/**
 * What a product is pointed at, and `/faults`: `/sd/sidecars` and `/sd/istiod` in Prometheus' http_sd format, and `/history`, the past as
 * NDJSON (`?labels=inline` writes the labels out in every row), made while it is read.
 */
export function discoveryServer(servers: MeshServers, istiods: readonly string[], past: HistorySource): Server {
  return createServer((request, response) => {
    if (past.faults.answer(request, response)) return;
    const url = new URL(request.url ?? '/', 'http://discovery');
    switch (url.pathname) {
      case '/sd/sidecars':
        sendJson(response, servers.targets());
        return;
      case '/sd/istiod':
        sendJson(response, [{ targets: istiods, labels: { app: 'istiod', namespace: 'istio-system' } }]);
        return;
      case '/history': {
        const gzip = acceptsGzip(request);
        void sendHistory(response, past, { gzip, inline: url.searchParams.get('labels') === 'inline' });
        return;
      }
      default:
        response.writeHead(404).end();
    }
  });
}

async function sendHistory(
  response: ServerResponse,
  { model, seed, range }: HistorySource,
  { gzip, inline }: { readonly gzip: boolean; readonly inline: boolean },
): Promise<void> {
  const lines = Readable.from(historyText(history(model, seed, range), inline ? 'inline' : 'declared'));
  response.writeHead(200, {
    'content-type': 'application/x-ndjson',
    ...(gzip ? { 'content-encoding': 'gzip' } : {}),
  });
  try {
    if (gzip) await pipeline(lines, createGzip({ level: 1 }), response);
    else await pipeline(lines, response);
  } catch {
    // The reader went away in the middle of it; nothing is left to be told.
    response.destroy();
  }
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
