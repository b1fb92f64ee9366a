import { describe, expect, test } from '@jest/globals';
import { inhibitedTickets } from '../../src/alerting/inhibition.js';
import { Lifecycle } from '../../src/alerting/lifecycle.js';
import { alertKey, type AlertEpisode } from '../../src/domain/alert.js';
import { byKey, episodeOf, monday, page, ticket } from './alerts.js';

const watchdog = page('', { name: 'MeshsloWatchdog', severity: 'heartbeat', labels: {} });

function lifecycle(ongoing: readonly AlertEpisode[] = []): Lifecycle {
  let number = 0;
  return new Lifecycle(ongoing, () => `n${++number}`);
}

const shortly = (episodes: readonly AlertEpisode[]): readonly string[] =>
  episodes.map(({ id, name, startedAt, endedAt, inhibited }) => {
    const minutes = [startedAt, endedAt].map((at) => (at === undefined ? '' : (at - monday) / 60));
    return `${id} ${name} ${minutes.join('-')}${inhibited ? ' inhibited' : ''}`;
  });

describe('from look to look', () => {
  test('an alert begins, goes on with the texts of the moment, and ends; then it is another one', () => {
    const life = lifecycle();
    expect(shortly(life.look([page('cart'), watchdog], monday))).toEqual(['n1 ErrorBudgetBurnFast 0-']);
    const worse = page('cart', { annotations: { summary: 'worse' } });
    expect(life.look([worse], monday + 60)).toEqual([]);
    expect(life.ongoing).toEqual(byKey([episodeOf(worse, 'n1', monday)]));
    expect(shortly(life.look([], monday + 120))).toEqual(['n1 ErrorBudgetBurnFast 0-2']);
    expect(life.ongoing.size).toBe(0);
    expect(shortly(life.look([page('cart')], monday + 180))).toEqual(['n2 ErrorBudgetBurnFast 3-']);
  });

  test('what went on before a restart goes on as the same episode, with what people said of it', () => {
    const mark = { by: 'ada', at: monday, note: '' };
    const life = lifecycle([{ ...episodeOf(page('cart'), 'old', monday), acknowledged: mark }]);
    expect(life.look([page('cart')], monday + 7200)).toEqual([]);
    expect([...life.ongoing.values()]).toMatchObject([{ id: 'old', startedAt: monday, acknowledged: mark }]);
    life.marked({ ...[...life.ongoing.values()][0]!, acknowledged: undefined, noise: mark });
    expect([...life.ongoing.values()]).toMatchObject([{ id: 'old', acknowledged: undefined, noise: mark }]);
  });

  test('the same alert twice in one look is one', () => {
    expect(lifecycle().look([page('cart'), page('cart')], monday)).toHaveLength(1);
  });

  test('a clock that was set back lets nothing end before it began', () => {
    const life = lifecycle();
    life.look([page('cart')], monday);
    expect(shortly(life.look([], monday - 3600))).toEqual(['n1 ErrorBudgetBurnFast 0-0']);
  });
});

describe('a page inhibits the ticket of its SLO', () => {
  test('from the first look on: nobody is called for it until the page is over', () => {
    const life = lifecycle();
    const both = [page('cart'), ticket('cart')];
    expect(shortly(life.look(both, monday))).toEqual([
      'n1 ErrorBudgetBurnFast 0-',
      'n2 ErrorBudgetBurnSlow 0- inhibited',
    ]);
    expect(life.look(both, monday + 60)).toEqual([]);
    expect(shortly(life.look([ticket('cart')], monday + 120))).toEqual([
      'n1 ErrorBudgetBurnFast 0-2',
      'n2 ErrorBudgetBurnSlow 0-',
    ]);
  });

  test('one that ends meanwhile is remembered as inhibited', () => {
    const life = lifecycle();
    life.look([page('cart'), ticket('cart')], monday);
    expect(shortly(life.look([page('cart')], monday + 60))).toEqual(['n2 ErrorBudgetBurnSlow 0-1 inhibited']);
  });

  test('one that says the same of coverage as another does of data is inhibited, as Alertmanager is told to', () => {
    const missing = page('cart', { name: 'SliDataMissing', severity: 'ticket' });
    const [low, other] = ['cart', 'stock'].map((name) => page(name, { name: 'CoverageLow', severity: 'ticket' }));
    expect(inhibitedTickets(byKey([missing, low!, other!]))).toEqual(new Set([alertKey(low!)]));
  });

  test('one that was announced before stays announced: its silence would mean that it is over', () => {
    const life = lifecycle();
    life.look([ticket('cart')], monday);
    life.look([page('cart'), ticket('cart')], monday + 60);
    expect([...life.ongoing.values()].map(({ inhibited }) => inhibited)).toEqual([false, false]);
  });

  test.each([
    ['another service', ticket('stock')],
    ['no SLO at all', page('', { severity: 'ticket', labels: { cluster: 'eu' } })],
    ['another page of it', page('cart', { name: 'Another' })],
  ])('but not %s', (_why, other) => {
    expect(inhibitedTickets(byKey([page('cart'), other]))).toEqual(new Set());
    expect(inhibitedTickets(byKey([page('cart'), ticket('cart'), other]))).toEqual(new Set([alertKey(ticket('cart'))]));
  });
});
