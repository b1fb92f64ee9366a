import { expect, test } from '@jest/globals';
import { PathBoard } from '../../src/service/path-board.js';

const cart = { cluster: 'eu', namespace: 'shop', name: 'cart' };
const hour = 3600;
const paths = (sent: number) => [{ service: cart, received: 2 * sent, authenticated: sent, plain: 0, sent }];

test('requests of the last six hours add up, and older ones are forgotten', () => {
  const board = new PathBoard();
  expect(board.since).toBe(undefined);
  board.add(0, paths(1));
  board.add(60, paths(10));
  board.add(5 * hour, paths(100));
  expect([board.since, board.of('eu/shop/cart')]).toEqual([
    0,
    { received: 222, authenticated: 111, plain: 0, sent: 111 },
  ]);
  board.add(6 * hour, []);
  expect(board.of('eu/shop/cart').sent).toBe(100);
  board.add(11 * hour);
  expect(board.of('eu/shop/cart').sent).toBe(0);
  // A clock that was set back by more than is kept has nowhere to put it.
  board.add(0, paths(1));
  expect(board.of('eu/shop/cart').sent).toBe(0);
});
