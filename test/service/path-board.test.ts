import { expect, test } from '@jest/globals';
import type { ServicePaths } from '../../src/domain/slot-batch.js';
import { PathBoard } from '../../src/service/path-board.js';

const cart = { cluster: 'eu', namespace: 'shop', name: 'cart' };
const hour = 3600;
const slot = (slotStart: number, paths: readonly ServicePaths[] = []) => ({
  slotStart,
  slotSeconds: 60 as const,
  paths,
});
const paths = (sent: number) => [{ service: cart, received: 2 * sent, authenticated: sent, plain: 0, sent }];

test('requests of the last six hours add up, and older ones are forgotten', () => {
  const board = new PathBoard();
  expect(board.since).toBe(undefined);
  board.add(slot(0, paths(1)));
  board.add(slot(60, paths(10)));
  board.add(slot(5 * hour, paths(100)));
  expect([board.since, board.of('eu/shop/cart')]).toEqual([
    0,
    { received: 222, authenticated: 111, plain: 0, sent: 111 },
  ]);
  expect(board.receivedAt('eu/shop/cart')).toBe(5 * hour + 60);
  board.add(slot(6 * hour));
  expect(board.of('eu/shop/cart').sent).toBe(100);
  board.add(slot(11 * hour));
  expect(board.of('eu/shop/cart').sent).toBe(0);
  expect(board.receivedAt('eu/shop/cart')).toBe(undefined);
  // A clock that was set back by more than is kept has nowhere to put it.
  board.add(slot(0, paths(1)));
  expect(board.of('eu/shop/cart').sent).toBe(0);
});
