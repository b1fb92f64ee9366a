import type { Urgency } from '../../domain/urgency.js';
import { urgencies } from '../../domain/urgency.js';
import { urgencyNames } from '../words/urgency-mark.js';
import { type Facet, facetValues, listFilter, setFilter, urgencyCounts } from './list-filter.js';

/** Id of the search box; a key goes there. */
export const searchBoxId = 'search';

const anyText: Readonly<Record<Facet, string>> = {
  owner: 'Every owner',
  namespace: 'Every namespace',
  cluster: 'Every cluster',
};

/** Search box, states with their counts, and who and where. */
export function FilterBar() {
  const { query, states } = listFilter.value;
  const counts = urgencyCounts.value;
  return (
    <div class="filters" role="search">
      <input
        id={searchBoxId}
        type="search"
        value={query}
        placeholder="Search services, owners, places ( / )"
        aria-label="Search services"
        onInput={(event) => setFilter({ query: event.currentTarget.value })}
      />
      <div class="chips" role="group" aria-label="States">
        {urgencies
          .filter((urgency) => counts.has(urgency) || states.has(urgency))
          .map((urgency) => (
            <Chip key={urgency} urgency={urgency} count={counts.get(urgency) ?? 0} isChosen={states.has(urgency)} />
          ))}
      </div>
      {facetValues.value.map(([facet, values]) => (
        <FacetChoice key={facet} facet={facet} values={values} />
      ))}
    </div>
  );
}

interface ChipProps {
  readonly urgency: Urgency;
  readonly count: number;
  readonly isChosen: boolean;
}

function Chip({ urgency, count, isChosen }: ChipProps) {
  return (
    <button type="button" class={`chip ${urgency}`} aria-pressed={isChosen} onClick={() => toggle(urgency)}>
      {urgencyNames[urgency]} <b>{count}</b>
    </button>
  );
}

function toggle(urgency: Urgency): void {
  const states = new Set(listFilter.value.states);
  if (!states.delete(urgency)) states.add(urgency);
  setFilter({ states });
}

/** A choice among the values that there are; not shown where there is nothing to choose. */
function FacetChoice({ facet, values }: { readonly facet: Facet; readonly values: readonly string[] }) {
  const { facets } = listFilter.value;
  const chosen = facets[facet];
  if (values.length < 2 && chosen === undefined) return null;
  const choose = (value: string) => {
    setFilter({ facets: { ...facets, [facet]: value === 'any' ? undefined : value.slice(1) } });
  };
  return (
    <select
      aria-label={`Show ${facet}`}
      value={chosen === undefined ? 'any' : `=${chosen}`}
      onChange={(event) => choose(event.currentTarget.value)}
    >
      <option value="any">{anyText[facet]}</option>
      {(chosen === undefined || values.includes(chosen) ? values : [chosen, ...values]).map((value) => (
        <option key={value} value={`=${value}`}>
          {value === '' ? 'nobody' : value}
        </option>
      ))}
    </select>
  );
}
