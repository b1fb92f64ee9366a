import {
  allImported,
  groups,
  manyClusters,
  problem,
  serviceKeyOf,
  shown,
  snapshot,
  trafficByService,
} from './store.js';
import { SloRow } from './slo-row.js';

/** One object for all of them: a row is drawn anew when its traffic is another one. */
const nothingSeen: readonly null[] = [];

/** Every SLO by urgency, as a table; or, where there is none to show, why. */
export function SloList() {
  if (!snapshot.value) {
    return (
      <p class="note">{problem.value === undefined ? 'Reading …' : 'The server cannot be reached; trying again.'}</p>
    );
  }
  if (snapshot.value.slos.length === 0) {
    return (
      <p class="note">
        No service has been seen yet. SLOs appear with the first scraped traffic; <a href="/api/v1/targets">targets</a>{' '}
        says what is being scraped.
      </p>
    );
  }
  return (
    <>
      {shown.value.size === 0 && <p class="note">No SLO fits this filter.</p>}
      <table class="slos" hidden={shown.value.size === 0}>
        <caption class="unseen-text">SLOs, most urgent first</caption>
        <thead>
          <tr>
            <th scope="col">State</th>
            <th scope="col">Service and SLO</th>
            <th scope="col">Owner</th>
            <th scope="col">Objective</th>
            <th scope="col">Budget left</th>
            <th scope="col">Burn rate, last hour</th>
            <th scope="col">Traffic, last hours</th>
          </tr>
        </thead>
        {groups.value.map(([title, slos]) => (
          <tbody key={title} hidden={!slos.some(({ id }) => shown.value.has(id))}>
            {title && (
              <tr class="group">
                <th scope="rowgroup" colSpan={7}>
                  {title}
                </th>
              </tr>
            )}
            {slos.map((slo) => (
              <SloRow
                key={slo.id}
                slo={slo}
                traffic={trafficByService.value.get(serviceKeyOf(slo)) ?? nothingSeen}
                isShown={shown.value.has(slo.id)}
                showsCluster={manyClusters.value}
                labelsImported={!allImported.value}
              />
            ))}
          </tbody>
        ))}
      </table>
    </>
  );
}
