import { expect, test } from '@jest/globals';
import { placed, type PanelSize } from '../../../src/generate/dashboards/board-layout.js';

/** Each as `x,y width×height`. */
function shortly(panels: readonly PanelSize[]): readonly string[] {
  return placed(panels, 1).places.map(({ x, y, width, height }) => `${x},${y} ${width}×${height}`);
}

test('a line that is full stands as it was written', () => {
  const line = [
    { kind: 'bars', width: 8 },
    { kind: 'bars', width: 12 },
    { kind: 'bars', width: 4 },
  ] as const;
  expect(shortly(line)).toEqual(['0,1 8×8', '8,1 12×8', '20,1 4×8']);
});

test('where one of a line is missing, the others take its room', () => {
  // 8 + 8 + 4 of 24: 9.6, 9.6 and 4.8, of which two columns are over.
  const line = [
    { kind: 'bars', width: 8 },
    { kind: 'bars', width: 8 },
    { kind: 'bars', width: 4 },
  ] as const;
  expect(shortly(line)).toEqual(['0,1 10×8', '10,1 10×8', '20,1 4×8']);
});

test('a lone small panel is not drawn out over the whole line', () => {
  expect(shortly([{ kind: 'stat' }])).toEqual(['0,1 4×4']);
});

test('high panels never stand beside low ones', () => {
  const panels = [
    ...Array.from({ length: 4 }, () => ({ kind: 'stat' }) as const),
    { kind: 'bars' },
    { kind: 'bars' },
  ] as const;
  expect(shortly(panels)).toEqual(['0,1 6×4', '6,1 6×4', '12,1 6×4', '18,1 6×4', '0,5 12×8', '12,5 12×8']);
  expect(placed(panels, 1).end).toBe(13);
});
