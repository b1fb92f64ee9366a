import { existsSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { alertNames } from '../../../src/domain/alert-names.js';
import type { Board } from '../../../src/domain/board.js';
import { boardsOfEveryFleet } from './made-up-boards.js';

const fleets = new Map<string, Board[]>();
for (const [fleet, board] of boardsOfEveryFleet()) fleets.set(fleet, [...(fleets.get(fleet) ?? []), board]);

/** Values of rows: names that need escaping among them. */
const row: Readonly<Record<string, string>> = {
  cluster: 'eu-1',
  namespace: 'istio shop',
  service: 'cart&till',
  owner: 'team/shop',
  instance: '10.0.0.1:15020',
  slo: 'availability',
};

interface Way {
  readonly from: string;
  readonly url: string;
}

/** Every link of a board, with the values of a row for what it takes from one; of alerts, one for each that there is. */
function waysOf({ uid, links, rows }: Board): readonly Way[] {
  const ofTop = links.map(({ title, url }) => ({ from: `${uid}, ${title}`, url }));
  const panels = rows.flatMap((one) => one.panels);
  const ofCells = panels.flatMap((panel) =>
    panel.labels.flatMap(({ title, url }) =>
      url === undefined ? [] : [{ from: `${uid}, ${panel.title}, ${title}`, url }],
    ),
  );
  const alerts = [...ofTop, ...ofCells].flatMap(({ from, url }) =>
    url.includes('"alertname"')
      ? alertNames.map((alertname) => ({ from: `${from}, ${alertname}`, url: filled(url, { ...row, alertname }) }))
      : [{ from, url: filled(url, row) }],
  );
  return alerts;
}

function filled(url: string, values: Readonly<Record<string, string>>): string {
  return url
    .replaceAll(/\$\{__data\.fields\["(\w+)"\]:percentencode\}/g, (all, label: string) =>
      values[label] === undefined ? all : encodeURIComponent(values[label]),
    )
    .replaceAll('${__url_time_range}', 'from=now-1h&to=now');
}

/** What is wrong with where a link leads; undefined for a board, a page, or a runbook that there is. */
function wrong({ url }: Way, boards: readonly Board[]): string | undefined {
  if (url.includes('$')) return 'is not filled in';
  if (url.startsWith('/d/')) {
    const { pathname, searchParams } = new URL(url, 'https://grafana.example');
    const board = boards.find(({ uid }) => `/d/${uid}` === pathname);
    if (board === undefined) return 'leads to no board of this fleet';
    const known = new Set(board.variables.map(({ name }) => `var-${name}`));
    const strange = [...searchParams.keys()].filter((key) => key.startsWith('var-') && !known.has(key));
    return strange.length === 0 ? undefined : `chooses ${strange.join(', ')}, which that board has not`;
  }
  const runbook = /^https:\/\/runbooks\.example\/(\w+)$/.exec(url)?.[1];
  if (runbook !== undefined) return existsSync(`docs/runbooks/${runbook}.md`) ? undefined : 'leads to no runbook';
  if (!url.startsWith('https://meshslo.example')) return 'leads to nowhere that is known';
  const { pathname } = new URL(url);
  // The list, and the page of a service: src/server/app.ts.
  return pathname === '/' || /^\/services\/[^/]+\/[^/]+\/[^/]+$/.test(pathname) ? undefined : 'is no page of meshslo';
}

describe.each([...fleets])('on the boards of %s', (_, boards) => {
  test('every link leads to a board that is there, a page, or a runbook', () => {
    const ways = boards.flatMap(waysOf);
    expect(ways.length).toBeGreaterThan(40);
    const mistakes = ways.flatMap((way) => {
      const mistake = wrong(way, boards);
      return mistake === undefined ? [] : [`${way.from}: ${way.url} ${mistake}`];
    });
    expect(mistakes).toEqual([]);
  });
});

test('a link to a board that is not there, one that chooses nothing, and a runbook that nobody wrote are found', () => {
  const boards = fleets.get('istio')!;
  const mistakes = [
    '/d/meshslo-nothing',
    '/d/meshslo-slos?var-instance=a',
    'https://runbooks.example/Nobody',
    'https://meshslo.example/elsewhere',
  ].map((url) => wrong({ from: '', url }, boards));
  expect(mistakes).toEqual([
    'leads to no board of this fleet',
    'chooses var-instance, which that board has not',
    'leads to no runbook',
    'is no page of meshslo',
  ]);
});
