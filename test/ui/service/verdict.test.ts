import { expect, test } from '@jest/globals';
import type { ServiceSloView } from '../../../src/server/api-types/service-detail.js';
import { verdictOf } from '../../../src/ui/service/verdict.js';
import { burningDetail } from '../made-up-world.js';

const [availability, latency, mesh] = burningDetail().slos as [ServiceSloView, ServiceSloView, ServiceSloView];

/** Of a service whose own proxy nobody reads. */
const seenByClients: ServiceSloView = { ...availability, perspective: 'client' };

/** An SLO whose last hour was so; no step of its policy fires. */
function hour(slo: ServiceSloView, bad: number, burnRate: number | null, total = 10_000): ServiceSloView {
  const rate = { windowSeconds: 3600, total, bad, coverage: burnRate === null && total === 0 ? 0 : 1, burnRate };
  return { ...slo, burnRates: [rate], steps: [] };
}

const unseen = (slo: ServiceSloView) => hour(slo, 0, null, 0);

test.each([
  { slos: [hour(availability, 500, 50), hour(mesh, 0, 0)], says: /^It is the service: .* the mesh delivers/ },
  { slos: [hour(availability, 0, 0), hour(mesh, 50, 50)], says: /^It is the mesh/ },
  { slos: [hour(availability, 500, 50), hour(mesh, 50, 50)], says: /^It is both/ },
  { slos: [hour(availability, 1, 0.1), hour(mesh, 0, 0)], says: /^Neither/ },
  { slos: [hour(availability, 2, 20), hour(mesh, 0, 0)], says: /^Neither/, why: 'two requests are none' },
  { slos: [hour(availability, 12, 1.2), hour(mesh, 0, 0)], says: /^Neither/, why: 'a little too fast calls nobody' },
  { slos: [hour(availability, 0, 0), hour(latency, 900, 9), hour(mesh, 0, 0)], says: /^It is the service/ },
  { slos: [hour(availability, 500, 50)], says: /^It is the service at least; .* nobody can say/ },
  { slos: [hour(availability, 0, 0), unseen(mesh)], says: /^The service answers; .* nobody can say/ },
  { slos: [unseen(availability), hour(mesh, 0, 0)], says: /^The mesh delivers; .* nobody can say/ },
  { slos: [unseen(availability), unseen(mesh)], says: /^Nobody can say/ },
  { slos: [hour(seenByClients, 30, 3), hour(mesh, 0, 0)], says: /^It is the service: its clients see it fail/ },
  { slos: [hour(seenByClients, 0, 0), hour(mesh, 0, 0)], says: /^Neither in the last hour: clients are answered/ },
  { slos: [hour(seenByClients, 30, 3), hour(mesh, 50, 50)], says: /^It is the mesh at least/ },
  { slos: [hour(seenByClients, 30, 3)], says: /^Clients see it fail; .* nobody can say/ },
  { slos: [unseen(seenByClients), hour(mesh, 0, 0)], says: /^The mesh delivers; .* nobody can say/ },
  {
    slos: [
      {
        ...hour(availability, 0, null, 0),
        burnRates: [{ windowSeconds: 3600, total: 0, bad: 0, coverage: 1, burnRate: null }],
      },
      unseen(mesh),
    ],
    says: /^Neither can be judged: there were no requests/,
  },
  { slos: [], says: /^Nobody can say/ },
])('$says', ({ slos, says }) => {
  expect(verdictOf(slos).sentence).toMatch(says);
});

const [, , slow] = availability.steps;
const steadily = { ...slow!, isActive: true, longBurnRate: 1.34 };

test.each([
  {
    title: 'a ticket that fires is never answered with Neither alone',
    slos: [{ ...hour(availability, 5, 0.5), steps: [steadily] }, hour(mesh, 0, 0)],
    says:
      'Neither in the last hour: the service answers, and the mesh delivers. ' +
      'Over the last 3 days it is the service: availability spent its budget 1.3 times as fast as allowed.',
  },
  {
    title: 'of two, the faster one is told, and whose it is',
    slos: [
      { ...hour(availability, 5, 0.5), steps: [steadily] },
      { ...hour(mesh, 0, 0), steps: [{ ...steadily, longSeconds: 43_200, longBurnRate: 4 }] },
    ],
    says:
      'Neither in the last hour: the service answers, and the mesh delivers. ' +
      'Over the last 12 hours it is the mesh: mesh spent its budget 4 times as fast as allowed.',
  },
  {
    title: 'a budget that is gone was spent before',
    slos: [
      { ...hour(seenByClients, 0, 0), budget: { allowedEvents: 100, spentRatio: 1.7, remainingRatio: -0.7 } },
      hour(mesh, 0, 0),
    ],
    says:
      'Neither in the last hour: clients are answered, and the mesh delivers. ' +
      'The budget of availability was gone before that.',
  },
  {
    title: 'what fails now is told alone',
    slos: [{ ...hour(availability, 500, 50), steps: [steadily] }, hour(mesh, 0, 0)],
    says: 'It is the service: its own proxy sees it fail, and the mesh delivers.',
  },
])('$title', ({ slos, says }) => {
  expect(verdictOf(slos).sentence).toBe(says);
});

test('the figures are those of the last hour, and unknown is no zero', () => {
  const { sides } = verdictOf([hour(availability, 3, 0.3, 10_000), unseen(mesh)]);
  expect(sides.map(({ text }) => text)).toEqual([
    '3 of 10,000 requests failed (under 0.1 %) in the last hour',
    'unknown: nobody looked in the last hour',
  ]);
  expect(verdictOf([hour(availability, 0, null, 0)]).sides[1]?.text).toMatch(/^unknown: nothing measures/);
});
