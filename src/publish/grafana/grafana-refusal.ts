import { Failure } from '../../domain/failure.js';
import { type Meaning, withMeaning } from '../http/refusal.js';

const meanings: readonly Meaning[] = [
  {
    said: /quota reached/i,
    hint: 'Grafana allows this organisation no more of them: raise its quota ([quota] in grafana.ini), or remove some',
  },
  {
    said: /refresh interval is too low/i,
    hint: 'lower [dashboards] min_refresh_interval in grafana.ini to a minute or less',
  },
  { said: /too large/i, hint: 'Grafana, or a proxy before it, takes no body of this size' },
  {
    said: /provisioned dashboard/i,
    hint: 'Grafana has it from a file or a repository of its own, where it has to be changed',
  },
];

/** Does what is asked of a Grafana; its refusals say what to do about them. */
export async function ofGrafana<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    throw error instanceof Failure ? withMeaning(error, meanings) : error;
  }
}
