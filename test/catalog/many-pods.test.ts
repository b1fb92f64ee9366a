import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Catalog } from '../../src/catalog/catalog.js';
import type { KubernetesPlace } from '../../src/catalog/kubernetes/kubernetes-place.js';
import { KubernetesApi } from '../../src/simulator/kubernetes-api.js';
import { HandClock, kubernetesPlace, listen, pod, service, until } from './support.js';

const podPath = '/api/v1/pods';
const count = 5000;
const apps = 200;

let api: KubernetesApi;
let door: Server;
let catalog: Catalog;
let place: KubernetesPlace;
/** Questions for a page of pods, in turn. */
let pages: URLSearchParams[];
/** Called before a page of pods is answered, with its number since {@link pages} was emptied. */
let beforePage: (number: number) => void;
/** Larger pages than this fail. */
let mostAtOnce: number;
let started = 0;

beforeEach(async () => {
  api = new KubernetesApi();
  pages = [];
  beforePage = () => undefined;
  mostAtOnce = Infinity;
  for (let app = 0; app < apps; app += 1) api.put('/api/v1/services', service(`app-${app}`));
  for (let number = 0; number < count; number += 1) start();
  door = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://kubernetes');
    if (pathname === podPath && !searchParams.has('watch')) {
      pages.push(searchParams);
      beforePage(pages.length);
      if (Number(searchParams.get('limit')) > mostAtOnce) {
        response.writeHead(500).end();
        return;
      }
    }
    api.server.emit('request', request, response);
  });
  catalog = new Catalog();
  place = kubernetesPlace(await listen(door), new HandClock());
});

afterEach(async () => {
  await catalog.stop();
  door.closeAllConnections();
  door.close();
});

function start(): void {
  const app = `app-${started % apps}`;
  const address = `10.${1 + (started >> 16)}.${(started >> 8) & 255}.${started & 255}`;
  api.put(podPath, pod(`${app}-abc-${String(started).padStart(5, '0')}`, { app, address }));
  started += 1;
}

/** Replaces pods from both ends of the list: of pages that were sent, and of pages to come. */
function replace(many: number): void {
  const names = api.keys(podPath).map((key) => key.split('/')[1]!);
  for (const name of [...names.slice(0, many / 2), ...names.slice(-many / 2)]) api.remove(podPath, 'shop', name);
  for (let number = 0; number < many; number += 1) start();
}

const known = (): readonly string[] => (catalog.livePods('eu') ?? []).map(({ name }) => `shop/${name}`);
const isExact = (): boolean => {
  const [there, told] = [new Set(api.keys(podPath)), known()];
  return told.length === there.size && new Set(told).size === there.size && told.every((key) => there.has(key));
};
const limits = (): readonly number[] => [...new Set(pages.map((page) => Number(page.get('limit'))))];

describe('5,000 pods', () => {
  test('are read in pages of 500, each once, while pods come and go between the pages', async () => {
    beforePage = () => replace(10);
    await catalog.follow([place]);
    await until(isExact);
    expect(pages).toHaveLength(10);
    expect(limits()).toEqual([500]);
    expect(catalog.services()).toHaveLength(apps);
    expect(catalog.services().reduce((sum, { instances }) => sum + instances.length, 0)).toBe(count);
  });

  test('whose pages are forgotten in the middle of the list (410) are listed anew, and half of them are never all', async () => {
    beforePage = (number) => {
      if (number !== 6) return;
      replace(100);
      api.forget();
    };
    const seen = new Set<number>();
    await catalog.follow([place]);
    await until(() => {
      seen.add(known().length);
      return isExact();
    });
    expect(pages.filter((page) => !page.has('continue'))).toHaveLength(2);
    expect([...seen].filter((many) => many !== 0 && many !== count)).toEqual([]);
  });

  test('whose version is forgotten in the middle of a watch (410) stay known while they are listed anew', async () => {
    await catalog.follow([place]);
    await until(isExact);
    replace(100);
    await until(isExact, 'changes were told');
    pages = [];
    const during: number[] = [];
    beforePage = (number) => {
      during.push(known().length);
      replace(10);
      if (number === 4) api.expireWatches();
    };
    // What changes now nobody is told: the new list alone has it.
    api.expireWatches();
    replace(200);
    await until(() => pages.filter((page) => !page.has('continue')).length === 2 && isExact());
    expect(pages.map((page) => page.get('limit')).join(' ')).toBe('500 500 500 500 2000 2000 2000');
    expect(new Set(during)).toEqual(new Set([count]));
    expect(catalog.services().filter(({ instances }) => instances.length === 0)).toEqual([]);
    expect(place.state.trouble).toBeUndefined();
  });

  test('whose pages are forgotten again and again are asked for in larger ones', async () => {
    api.faults = { forgetsPages: true };
    await catalog.follow([place]);
    await until(isExact);
    expect(limits()).toEqual([500, 2000, 8000]);
    expect(place.state.trouble).toBeUndefined();
  });
});

test('pages that fail because they are larger are asked for in usual ones again', async () => {
  api.faults = { forgetsPages: true };
  mostAtOnce = 500;
  await catalog.follow([place]);
  await until(() => place.state.trouble !== undefined);
  api.faults = {};
  await until(isExact);
  expect(limits()).toEqual([500, 2000]);
});

test('a list that nobody can read to its end is a trouble that is told, and not asked for without pause', async () => {
  api.faults = { forgetsPages: true };
  api.mostPerPage = 100;
  await catalog.follow([place]);
  await until(() => place.state.trouble !== undefined);
  expect(place.state.trouble!.message).toMatch(/410/);
  api.faults = {};
  await until(isExact);
  await until(() => place.state.trouble === undefined);
});
