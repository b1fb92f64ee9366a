import type { LinkSettings } from '../../config/config.js';
import type { BoardLink } from '../../domain/board.js';
import { pathPart } from '../../domain/service-id.js';
import { encodedPart } from '../../domain/well-formed.js';
import type { CellTarget } from '../../packs/board-pack.js';
import { boardUid } from './board-uid.js';

/** Boards that one can get to from anywhere, and what they are called there. */
export interface BoardDirectory {
  readonly boards: readonly { readonly uid: string; readonly title: string }[];
}

/** Links at the top of a board: to the others, and to the page of what it is about. */
export function topLinks(
  ownUid: string,
  { boards }: BoardDirectory,
  links: LinkSettings,
  fixed: Readonly<Record<string, string>>,
): readonly BoardLink[] {
  const { page } = links;
  const others = boards
    .filter(({ uid }) => uid !== ownUid)
    .map(({ uid, title }) => ({ title, url: `/d/${uid}`, keepsView: true }));
  if (page === undefined) return others;
  const { cluster, namespace, service } = fixed;
  if (cluster === undefined || namespace === undefined || service === undefined) {
    return [{ title: 'On meshslo', url: page, keepsView: false }, ...others];
  }
  const path = [cluster, namespace, service].map((part) => encodedPart(pathPart(part))).join('/');
  return [{ title: 'On meshslo', url: `${page}/services/${path}`, keepsView: false }, ...others];
}

/** Where a cell of a table leads, by the labels of its row; undefined where nobody said where that is. */
export function cellUrl(
  to: CellTarget,
  links: LinkSettings,
  fixed: Readonly<Record<string, string>>,
): string | undefined {
  const of = (label: string): string => {
    const value = fixed[label];
    return value === undefined ? `\${__data.fields["${label}"]:percentencode}` : encodedPart(value);
  };
  const service = ['cluster', 'namespace', 'service'];
  switch (to) {
    case 'service-board':
      return `/d/${boardUid('service')}?${service.map((label) => `var-${label}=${of(label)}`).join('&')}&\${__url_time_range}`;
    case 'service-page':
      return links.page === undefined ? undefined : `${links.page}/services/${service.map(of).join('/')}`;
    case 'proxy-board':
      return `/d/${boardUid('proxy', fixed['mesh'])}?var-instance=${of('instance')}&\${__url_time_range}`;
    case 'team-board':
      return `/d/${boardUid('slos')}?var-owner=${of('owner')}&\${__url_time_range}`;
    case 'runbook':
      return links.runbooks?.replaceAll('{alert}', of('alertname'));
  }
}
