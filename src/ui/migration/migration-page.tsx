import './migration.css';
import { migrationPhaseNames, migrationPhases } from '../../domain/catalog-service.js';
import { roundPercentInWords } from '../../domain/in-words.js';
import { parseServiceKey } from '../../domain/service-id.js';
import type { CatalogPlaceView, MigrationList, MigrationView } from '../../server/api-types/migration.js';
import { serviceAddress } from '../address/address.js';
import { useReading } from '../live/reading.js';
import { snapshot } from '../live/snapshot.js';
import { countText, momentText } from '../words/numbers.js';
import { PageHeading } from '../words/page-heading.js';
import { ReadingNote } from '../words/reading-note.js';
import { shortName } from '../words/short-name.js';

/** How far every service is on its way into the mesh: wanted, as its instances say, as its requests show. */
export function MigrationPage() {
  const { value, trouble } = useReading<MigrationList>({ path: 'migration', subject: '', version: snapshot.value });
  return (
    <>
      <PageHeading>Migration</PageHeading>
      <ReadingNote reading={{ value, trouble }} what="The migration" />
      {value && <Board list={value} />}
    </>
  );
}

function Board({ list: { services, places } }: { readonly list: MigrationList }) {
  if (places.length === 0) {
    return (
      <p class="unknown">Nothing is known of services but their requests: the configuration names no catalogue.</p>
    );
  }
  const behind = services.filter(({ isThere }) => isThere === false).length;
  return (
    <div class="migration">
      <PlaceLine places={places} />
      {services.length === 0 ? (
        <p class="unknown">The catalogue holds no service.</p>
      ) : (
        <>
          <p class={behind === 0 ? 'quiet' : 'headline'}>
            {behind === 0
              ? 'Every service is where it is wanted, as far as somebody has said so.'
              : `${countText(behind)} of ${countText(services.length)} services ${behind === 1 ? 'is not yet where it is' : 'are not yet where they are'} wanted.`}
          </p>
          <Phases services={services} />
          <Table services={services} />
        </>
      )}
    </div>
  );
}

function PlaceLine({ places }: { readonly places: readonly CatalogPlaceView[] }) {
  const failing = places.filter(({ error }) => error !== null);
  const moments = places.flatMap(({ currentSeconds }) => (currentSeconds === null ? [] : [currentSeconds]));
  return (
    <>
      {moments.length > 0 && (
        <p class="quiet">
          Known from {places.map(({ place }) => place).join(', ')}, as of {momentText(Math.min(...moments))}.
        </p>
      )}
      {failing.map(({ place, error }) => (
        <p key={place} class="banner doubtful" role="alert">
          {place} cannot be read: {error!.message}
          {error!.hint !== null && ` (${error!.hint})`}. What it told last stays.
        </p>
      ))}
      {places.flatMap(({ place, lacks }) =>
        lacks.map(({ part, unknown, error: { message, hint } }) => (
          <p key={`${place} ${part}`} class="banner doubtful" role="alert">
            {part} of {place} cannot be read: {message}
            {hint !== null && ` (${hint})`}. Nobody knows {unknown}.
          </p>
        )),
      )}
    </>
  );
}

/** How many services are how far. */
function Phases({ services }: { readonly services: readonly MigrationView[] }) {
  return (
    <dl class="phases">
      {migrationPhases.map((phase) => (
        <div key={phase}>
          <dt>{migrationPhaseNames[phase]}</dt>
          <dd>{countText(services.filter(({ actual }) => actual === phase).length)}</dd>
        </div>
      ))}
    </dl>
  );
}

function Table({ services }: { readonly services: readonly MigrationView[] }) {
  return (
    <table class="migration-table cards" data-rows>
      <caption class="unseen-text">Services and how far they are; those that are behind first</caption>
      <thead>
        <tr>
          <th scope="col">Service</th>
          <th scope="col">Owner</th>
          <th scope="col">Wanted</th>
          <th scope="col">Is</th>
          <th scope="col">Requests</th>
          <th scope="col">With a proxy</th>
        </tr>
      </thead>
      <tbody>
        {services.map((service) => (
          <tr key={service.id} class={service.isThere === false ? 'behind' : ''}>
            <th scope="row">
              <a href={serviceAddress(parseServiceKey(service.id)!)}>{shortName(service.service)}</a>{' '}
              <span class="aside">
                {shortName(service.namespace)} · {shortName(service.cluster)}
              </span>
            </th>
            <td data-title="owner">{service.owner === null ? 'nobody' : shortName(service.owner)}</td>
            <td data-title="wanted">{service.wanted === null ? '' : migrationPhaseNames[service.wanted]}</td>
            <td data-title="is">
              {service.actual === null ? (
                <span class="unknown">no instances</span>
              ) : (
                migrationPhaseNames[service.actual]
              )}
              {service.isThere === false && <b class="behind-mark"> behind</b>}
            </td>
            <td data-title="requests">{seenText(service)}</td>
            <td data-title="with a proxy">
              {service.meshed} of {service.instances}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function seenText({ seen, requests }: MigrationView): string {
  if (seen === null) return 'none seen';
  const isServed = seen !== 'not-migrated' && seen !== 'injected';
  const known = (requests?.authenticated ?? 0) + (requests?.plain ?? 0);
  return [
    isServed ? 'through its proxies' : 'past its proxies',
    ...(isServed
      ? [known > 0 ? `${roundPercentInWords(requests!.authenticated / known)} over mTLS` : 'mTLS not told']
      : []),
    ...((requests?.sent ?? 0) > 0 ? ['calls through them'] : []),
  ].join(', ');
}
