import type { DiscoveryHealth } from '../scrape/discovery/job-discovery.js';
import type { TargetHealth } from '../scrape/target-health.js';
import { overServiceLimit } from '../server/watcher-view.js';
import type { Notices } from './notices.js';

interface Inputs {
  readonly discoveries: readonly DiscoveryHealth[];
  readonly targets: readonly TargetHealth[];
  /** Services that got no SLOs because there are too many. */
  readonly refusedServices: number;
}

/** Tells an operator of lists of targets that broke or healed, and of services that there is no room for. */
export function noticeInputs({ discoveries, targets, refusedServices }: Inputs, notices: Notices): void {
  for (const { job, kind, name, trouble } of discoveries) {
    const list = kind === 'secrets' ? `the ${name} of job ${job}` : `the targets of job ${job} from ${name}`;
    const shortly = kind !== 'secrets' && trouble?.message.includes(name) ? `the targets of job ${job}` : list;
    const told = trouble && `${shortly} cannot be read (${trouble.message}); those that were read last stay`;
    notices.report(list, told, `${list} are read again`);
  }
  const [first, ...others] = overServiceLimit(targets);
  const who = first && [first.url, ...(others.length > 0 ? [`${others.length} more`] : [])].join(' and ');
  const over =
    who && `${who}: more services than one target may bring in; the rest get no SLOs (scrape.limits.services)`;
  notices.report('services of one target', over, 'no target shows too many services any more');
  const full = 'there are too many services: further ones get no SLOs (meshslo_refused_services counts them)';
  notices.report('services', refusedServices > 0 ? full : undefined, 'there is room for every service again');
}
