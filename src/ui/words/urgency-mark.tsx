import type { Urgency } from '../../domain/urgency.js';

/** What people call each urgency. */
export const urgencyNames: Readonly<Record<Urgency, string>> = {
  burning: 'Burning',
  missed: 'Missed',
  'at-risk': 'At risk',
  insufficient: 'Too little data',
  'no-data': 'No data',
  'no-traffic': 'No traffic',
  healthy: 'Healthy',
};

/** Outlines in a box of 12 by 12: each urgency has a shape of its own, for those who do not see its colour. */
const shapes: Readonly<Record<Urgency, string>> = {
  burning: 'M6 0C7 3 10 4.500 10 8a4 4 0 0 1-8 0c0-2 1-3 1.500-4.500C4.500 5 5 5 5.200 5.500 6 4 5.500 2 6 0z',
  missed: 'M2 .5 6 4.500 10 .5 11.500 2 7.500 6l4 4-1.500 1.500-4-4-4 4L.5 10l4-4-4-4z',
  'at-risk': 'M6 .5 12 11.500H0z',
  insufficient: 'M1 1h10v10H1zM3 3v6h6V3z',
  'no-data': 'M0 5h12v2H0z',
  'no-traffic': 'M6 0a6 6 0 1 0 .01 0zM6 2a4 4 0 1 1-.01 0z',
  healthy: 'M6 0a6 6 0 1 0 .01 0z',
};

/** State as word, colour and shape. */
export function UrgencyMark({ urgency }: { readonly urgency: Urgency }) {
  return (
    <span class={`mark ${urgency}`}>
      <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
        <path d={shapes[urgency]} fill-rule="evenodd" />
      </svg>
      {urgencyNames[urgency]}
    </span>
  );
}
