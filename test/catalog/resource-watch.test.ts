import { createServer, type Server } from 'node:http';
import { afterEach, expect, test } from '@jest/globals';
import { HandClock, kubernetesPlace, listen, until } from './support.js';

let server: Server;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** Follows a cluster that answers lists and watches as told, until that is a trouble; returns its code. */
async function troubleWith(list: object, watched: string): Promise<string | undefined> {
  server = createServer((request, response) => {
    response.end(request.url!.includes('watch=1') ? watched : JSON.stringify(list));
  });
  const place = kubernetesPlace(await listen(server), new HandClock());
  place.start(() => undefined);
  await until(() => place.state.trouble !== undefined);
  const { trouble } = place.state;
  await place.stop();
  return trouble?.code;
}

test('pages of a list that never end are too many', async () => {
  const list = { metadata: { resourceVersion: '1', continue: 'again' }, items: [] };
  expect(await troubleWith(list, '')).toBe('body-too-large');
});

test('a change that is nothing at all is a trouble, not the end of the process', async () => {
  expect(await troubleWith({ metadata: { resourceVersion: '1' }, items: [] }, 'null\n')).toBe('body-malformed');
});
