import { expect, test } from '@jest/globals';
import { History } from '../../src/alerting/history.js';
import type { AlertEpisode } from '../../src/domain/alert.js';
import { Failure } from '../../src/domain/failure.js';
import { episodeOf, monday, page } from './alerts.js';

test('what a full disk does not take is written once there is room, each episode as it is by then', () => {
  let full = true;
  const saved = new Map<string, AlertEpisode>();
  const history = new History({
    save: (episodes) => {
      if (full) throw new Failure('disk-full', 'the disk is full');
      for (const episode of episodes) saved.set(episode.id, episode);
    },
  });
  const [cart, stock] = ['cart', 'stock'].map((service) => episodeOf(page(service), service, monday));
  expect(history.save([cart!])).toMatchObject({ code: 'disk-full' });
  expect(history.save([stock!, { ...cart!, endedAt: monday + 60 }])).toMatchObject({ code: 'disk-full' });
  expect(history.waiting.size).toBe(2);
  full = false;
  expect(history.save([])).toBeUndefined();
  expect([...saved.values()].map(({ id, endedAt }) => [id, endedAt])).toEqual([
    ['stock', undefined],
    ['cart', monday + 60],
  ]);
  expect(history.waiting.size).toBe(0);
});

test('a disk that stays full fills no memory', () => {
  const history = new History({
    save: () => {
      throw new Failure('disk-full', 'the disk is full');
    },
  });
  for (let minute = 0; minute < 5; minute++) {
    history.save(Array.from({ length: 6000 }, (_, number) => episodeOf(page('cart'), `${minute} ${number}`, monday)));
  }
  expect(history.waiting.size).toBe(20_000);
});

test('a bug is no full disk', () => {
  const history = new History({
    save: () => {
      throw new RangeError('a bug');
    },
  });
  expect(() => history.save([])).toThrow(RangeError);
});
