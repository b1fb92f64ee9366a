import type { LookView } from '../../server/api-types/finding.js';
import { countText, momentText } from '../words/numbers.js';

interface LooksProps {
  readonly looks: readonly LookView[];
}

/** Whether anybody looks, and when somebody did: without it an empty page says nothing. */
export function LookLine({ looks, total }: LooksProps & { readonly total: number }) {
  const able = looks.filter(({ lookedSeconds, error }) => lookedSeconds !== null && error === null);
  const found = total === 0 ? 'Nothing found' : `${countText(total)} found`;
  if (looks.length === 0) {
    return (
      <p class="unknown">
        Nothing looks for trouble{total === 0 ? '' : ' any more'}: the configuration names no control plane, no registry
        and no catalogue.
      </p>
    );
  }
  if (able.length === 0) return <p class="unknown">{looks.some(isFailing) ? 'Nobody can look.' : 'Looking …'}</p>;
  const last = Math.max(...able.map(({ lookedSeconds }) => lookedSeconds!));
  const who = able.length === looks.length ? sources(able.length) : `${able.length} of ${sources(looks.length)}`;
  return (
    <p class={total === 0 ? 'all-clear' : 'quiet'}>
      {found}; looked at {momentText(last)} by {who}.
    </p>
  );
}

/** Who cannot look, and why. */
export function LookTroubles({ looks }: LooksProps) {
  const failing = looks.filter(isFailing);
  const cut = looks.filter(({ leftOut }) => leftOut > 0);
  return (
    <>
      {failing.length > 0 && (
        <div class="banner doubtful" role="alert">
          <p class="headline">Not everything can be looked at; what was found there before stays.</p>
          <ul class="pages">
            {failing.map(({ source, lookedSeconds, error }) => (
              <li key={source}>
                <b>{source}</b>: {error!.message}
                {error!.hint !== null && ` (${error!.hint})`}{' '}
                <span class="aside">
                  {lookedSeconds === null ? 'never looked' : `last looked ${momentText(lookedSeconds)}`}
                </span>
              </li>
            ))}
          </ul>
        </div>
      )}
      {cut.map(({ source, leftOut }) => (
        <p key={source} class="banner doubtful">
          {source} finds more than there is room for: {countText(leftOut)} are left out.
        </p>
      ))}
    </>
  );
}

function isFailing({ error }: LookView): boolean {
  return error !== null;
}

function sources(count: number): string {
  return count === 1 ? '1 source' : `${count} sources`;
}
