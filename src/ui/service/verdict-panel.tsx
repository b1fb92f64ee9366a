import type { ServiceSloView } from '../../server/api-types/service-detail.js';
import { verdictOf } from './verdict.js';

/** "Is it my service or the mesh?" */
export function VerdictPanel({ slos }: { readonly slos: readonly ServiceSloView[] }) {
  if (slos.length === 0) return null;
  const { sentence, sides } = verdictOf(slos);
  return (
    <section class="verdict">
      <h2>Service or mesh?</h2>
      <p class="sentence">{sentence}</p>
      <dl>
        {sides.map(({ name, text, isFailing }) => (
          <div key={name} class={isFailing ? 'failing' : ''}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
