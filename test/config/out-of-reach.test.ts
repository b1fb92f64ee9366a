import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { outOfReach } from '../../src/config/out-of-reach.js';
import { leastConfig, Workspace } from './workspace.js';

let workspace: Workspace;
beforeEach(() => {
  workspace = new Workspace();
});
afterEach(() => {
  workspace.remove();
});

function notes(slos: string): readonly string[] {
  const files = { 'meshslo.yaml': `${leastConfig}slos: [slos.yaml]\n`, 'slos.yaml': slos };
  return outOfReach(workspace.load(files).config!);
}

// 1.75 % of 30 d in a minute are 756 times; of 99.5 % that would be 378 % of all events. 1.35 % in a minute are 583.2 times, and
// 1.55 % in two minutes 334.8 times: 167 % of the events.
const ofDefaults = [
  ['outage', '756x'],
  ['busy-outage', '583x'],
  ['busy-two-minutes', '335x'],
].map(
  ([step, factor]) =>
    `step ${step!} of policy standard never fires at 95 %, 99 %, 99.5 % over 30 days: it asks for ${factor!} what the objective allows`,
);

test('a step that asks for more than all events is told, once for all defaults', () => {
  expect(notes('service: shop/cart\n')).toEqual(ofDefaults);
});

test('the window decides too, and a policy of which nothing can page is told as such', () => {
  const slos = `service: shop/cart
alerts: { policy: workbook }
slos:
  availability: { objective: 80%, window: 7d }
  latency: { objective: 99%, window: 90d }
  strict: { objective: 50%, window: { calendar: month } }
`;
  expect(notes(slos)).toEqual([
    ...ofDefaults,
    // 2 % of 90 d in an hour are 43.2 times: 43.2 % of the events at 99 %. Of 50 %, even 6 times is too much.
    'no step of policy workbook can page at 50 % this month (UTC)',
    // A ticket is not a page: 10 % of 30 d in a day are 3 times, 150 % of the events.
    'step day of policy workbook never fires at 50 % this month (UTC): it asks for 3x what the objective allows',
  ]);
});
