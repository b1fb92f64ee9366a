import { formatDuration } from '../domain/duration.js';
import { present } from '../documents/present.js';

import type { AccessSettings } from './access-settings.js';
import type { ControlPlaneSettings, EndpointSettings } from './control-planes.js';
import type { TargetListSettings } from './target-settings.js';
import type { WordMap, Words } from './words.js';

/** How lists of targets and logins are written; the same for all who have some. */
export interface EndpointWording {
  readonly targetWords: (list: TargetListSettings) => readonly Words[];
  readonly accessWords: (access: AccessSettings) => WordMap;
}

/** A control plane as people would write it, defaults filled in. */
export function controlPlaneWords(settings: ControlPlaneSettings, wording: EndpointWording): WordMap {
  const { kind, cluster, owner, intervalSeconds, timeoutSeconds, wantedVersion, thresholds } = settings;
  const endpoints = (['instances', 'proxies', 'controllers'] as const).flatMap((key) =>
    settings[key].targets.length === 0 ? [] : [[key, endpointWords(settings[key], wording)] as const],
  );
  return {
    kind,
    cluster,
    ...present({ owner, wanted_version: wantedVersion }),
    interval: formatDuration(intervalSeconds),
    timeout: formatDuration(timeoutSeconds),
    ...Object.fromEntries(endpoints),
    ...(kind === 'linkerd1' && { namespaces: settings.namespaces }),
    thresholds: {
      out_of_sync: formatDuration(thresholds.outOfSyncSeconds),
      warming: formatDuration(thresholds.warmingSeconds),
      disagree: formatDuration(thresholds.disagreeSeconds),
      certificate: formatDuration(thresholds.certificateSeconds),
      workload_certificate: formatDuration(thresholds.workloadCertificateSeconds),
    },
  };
}

function endpointWords({ targets, scheme, access }: EndpointSettings, wording: EndpointWording): WordMap {
  return { targets: targets.flatMap(wording.targetWords), scheme, ...wording.accessWords(access) };
}
