import { visible } from '../documents/visible.js';
import { nearestWord } from '../documents/nearest-word.js';
import { Failure } from '../domain/failure.js';
import { type ServiceId, serviceKey } from '../domain/service-id.js';
import type { WeekBook } from '../report/week-book.js';
import type { ReportScope } from '../report/week-report.js';

/** What was asked for: one of them; nothing is everybody. */
interface AskedScope {
  readonly team?: string;
  readonly service?: string;
}

/**
 * Whom the report is about.
 *
 * @throws Failure `bad-arguments` where the service's name fits several; `not-found` where the week has none of this name
 */
export function reportScope({ team, service }: AskedScope, book: Pick<WeekBook, 'owners' | 'services'>): ReportScope {
  if (team !== undefined) {
    if (book.owners.includes(team)) return { kind: 'team', owner: team };
    throw notFound('team', team, book.owners);
  }
  if (service === undefined) return { kind: 'organisation' };
  const found = book.services.filter((one) => names(one).includes(service));
  const [first, ...others] = found;
  if (!first) throw notFound('service', service, book.services.map(serviceKey));
  if (others.length === 0) return { kind: 'service', service: first };
  throw new Failure('bad-arguments', `there are several services ${JSON.stringify(service)}`, {
    hint: `say which: ${found.slice(0, 5).map(serviceKey).map(visible).join(', ')}`,
  });
}

function names(id: ServiceId): readonly string[] {
  return [id.name, `${id.namespace}/${id.name}`, serviceKey(id)];
}

function notFound(what: string, name: string, known: readonly string[]): Failure {
  const near = nearestWord(name, known) ?? known[0];
  const hint = near === undefined ? 'the week has no SLO at all' : `there is, for example, ${visible(near)}`;
  return new Failure('not-found', `there is no ${what} ${JSON.stringify(name.slice(0, 120))} in this week`, { hint });
}
