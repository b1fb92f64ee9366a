import { useEffect, useRef } from 'preact/hooks';
import { type Urgency, urgencies } from '../domain/urgency.js';
import { chosen, counts, grouping, query, type Grouping } from './store.js';
import { urgencyNames } from './urgency-mark.js';

const groupings: readonly (readonly [Grouping, string])[] = [
  ['urgency', 'by urgency'],
  ['service', 'by service'],
  ['team', 'by team'],
];

/** Filter box (`/` goes there), state chips and grouping. */
export function FilterBar() {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      box.current?.focus();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  return (
    <div class="filters" role="search">
      <input
        ref={box}
        type="search"
        value={query.value}
        placeholder="Filter by service, team, cluster …  ( / )"
        aria-label="Filter SLOs"
        onInput={(event) => (query.value = event.currentTarget.value)}
      />
      <div class="chips" role="group" aria-label="States">
        {urgencies.filter((urgency) => counts.value.get(urgency)! > 0).map(Chip)}
      </div>
      <select
        aria-label="Group"
        value={grouping.value}
        onChange={(event) => (grouping.value = event.currentTarget.value as Grouping)}
      >
        {groupings.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

function Chip(urgency: Urgency) {
  const isChosen = chosen.value.has(urgency);
  return (
    <button
      key={urgency}
      type="button"
      class={`chip ${urgency}`}
      aria-pressed={isChosen}
      onClick={() => toggle(urgency)}
    >
      {urgencyNames[urgency]} <b>{counts.value.get(urgency)}</b>
    </button>
  );
}

function toggle(urgency: Urgency): void {
  const next = new Set(chosen.value);
  if (!next.delete(urgency)) next.add(urgency);
  chosen.value = next;
}
