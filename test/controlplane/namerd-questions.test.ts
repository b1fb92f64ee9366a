import { afterEach, expect, test } from '@jest/globals';
import { AddressBook } from '../../src/controlplane/linkerd1/namerd-questions.js';
import { askedEndpoint, closeAsked, hangingAt } from './asked-endpoints.js';

afterEach(closeAsked);

test('a name of which Namerd says nothing does not stand before the others for ever', async () => {
  const answering = await askedEndpoint(() => ({ body: { type: 'neg' } }));
  const client = hangingAt(answering, (path) => path.includes('pending'));
  const book = new AddressBook('default', 4);
  const names = new Set(['/svc/pending', '/svc/web']);
  expect([...(await book.ask([client], names)).asked]).toEqual([]);
  expect([...(await book.ask([client], names)).asked]).toEqual(['/svc/web']);
});
