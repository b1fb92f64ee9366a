import type { LinkSettings } from '../config/config.js';
import type { ActiveAlert } from '../domain/alert.js';
import { type AlertName, alertSeverities } from '../domain/alert-names.js';
import type { SloStatus } from '../domain/slo-status.js';
import { alertLinks } from './alert-links.js';

/** What an alert says to people; sentences, the summary without a full stop. */
export interface AlertTexts {
  readonly summary: string;
  readonly description: string;
  readonly action: string;
}

/**
 * An alert of one SLO.
 *
 * @param shownSeconds how far back its page should begin
 */
export function sloAlert(
  name: AlertName,
  status: Pick<SloStatus, 'slo' | 'at'>,
  texts: AlertTexts,
  { links, shownSeconds }: { readonly links: LinkSettings; readonly shownSeconds: number },
): ActiveAlert {
  const { slo, at } = status;
  const { service, owner } = slo;
  const range = { from: at - shownSeconds, to: at };
  return {
    name,
    severity: alertSeverities[name],
    labels: {
      cluster: service.cluster,
      namespace: service.namespace,
      service: service.name,
      slo: slo.name,
      ...(owner !== undefined && { owner }),
    },
    annotations: { ...texts, ...alertLinks(links, { alert: name, service, slo: slo.name, range }) },
  };
}

/** `shop/checkout availability`, as texts call it. */
export function sloInWords({ service, name }: SloStatus['slo']): string {
  return `${service.namespace}/${service.name} ${name}`;
}
