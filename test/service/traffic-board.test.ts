import { expect, test } from '@jest/globals';
import { TrafficBoard } from '../../src/service/traffic-board.js';

const cart = { cluster: 'eu1', namespace: 'shop', name: 'cart' };
const newest = (board: TrafficBoard): readonly (number | undefined)[] => board.all()[0]!.requests.slice(-3);

test('slots of a minute add up to steps of five, and a step that has only begun is not shown', () => {
  const board = new TrafficBoard();
  for (let minute = 0; minute < 7; minute += 1) board.add(minute * 60, [{ service: cart, requests: 10 }]);
  expect(newest(board)).toEqual([undefined, undefined, 50]);
  expect(board.all()[0]).toMatchObject({ service: cart, stepSeconds: 300, from: -70 * 300 });
});

test('a stretch that nobody observed stays unknown between two that somebody did', () => {
  const board = new TrafficBoard();
  board.add(0, [{ service: cart, requests: 10 }]);
  board.add(900, [{ service: cart, requests: 20 }]);
  board.add(1200, []);
  expect(newest(board)).toEqual([undefined, undefined, 20]);
  expect(board.all()[0]!.requests.at(-4)).toBe(10);
});

test('a service without a word for six hours is forgotten', () => {
  const board = new TrafficBoard();
  board.add(0, [{ service: cart, requests: 10 }]);
  board.add(6 * 3600, []);
  expect(board.all()).toEqual([]);
});
