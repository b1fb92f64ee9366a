import { expect, test } from '@jest/globals';
import { TrafficBoard } from '../../src/service/traffic-board.js';

const cart = { cluster: 'eu1', namespace: 'shop', name: 'cart' };
const newest = (board: TrafficBoard): readonly (number | undefined)[] => board.all()[0]!.requests.slice(-3);

test('slots of a minute add up to steps of five, and a step that has only begun is not shown', () => {
  const board = new TrafficBoard();
  for (let minute = 0; minute < 7; minute += 1) board.add(minute * 60, 60, [{ service: cart, requests: 10 }]);
  expect(newest(board)).toEqual([undefined, undefined, 50]);
  expect(board.all()[0]).toMatchObject({ service: cart, stepSeconds: 300, from: -70 * 300 });
});

test('a stretch that nobody observed stays unknown between two that somebody did', () => {
  const board = new TrafficBoard();
  board.add(0, 60, [{ service: cart, requests: 10 }]);
  board.add(900, 60, [{ service: cart, requests: 20 }]);
  board.add(1200, 60, []);
  expect(newest(board)).toEqual([undefined, undefined, 20]);
  expect(board.all()[0]!.requests.at(-4)).toBe(10);
});

test('a service without a word for six hours is forgotten', () => {
  const board = new TrafficBoard();
  board.add(0, 60, [{ service: cart, requests: 10 }]);
  board.add(6 * 3600, 60, []);
  expect(board.all()).toEqual([]);
});

test('a step says how much of it was observed: not all of that in which meshslo began, or was down', () => {
  const board = new TrafficBoard();
  const observed = () => board.all()[0]!.observedSeconds.slice(-3);
  for (const minute of [3, 4, 5, 6]) board.add(minute * 60, 60, [{ service: cart, requests: 10 }]);
  expect(newest(board)).toEqual([undefined, undefined, 20]);
  expect(observed()).toEqual([0, 0, 120]);
  for (const minute of [9, 10]) board.add(minute * 60, 60, [{ service: cart, requests: 10 }]);
  expect(newest(board)).toEqual([undefined, 20, 30]);
  expect(observed()).toEqual([0, 120, 180]);
  board.add(1200, 300, [{ service: cart, requests: 50 }]);
  board.add(1500, 60, []);
  expect(observed()).toEqual([60, 0, 300]);
});

test('a minute of which nothing is charted makes no step look lower', () => {
  const board = new TrafficBoard();
  for (const minute of [0, 1, 3, 4]) board.add(minute * 60, 60, [{ service: cart, requests: 10 }]);
  board.add(2 * 60, 60, []);
  board.add(5 * 60, 60, [{ service: cart, requests: 10 }]);
  expect(newest(board)).toEqual([undefined, undefined, 40]);
  expect(board.all()[0]!.observedSeconds.at(-1)).toBe(240);
});
