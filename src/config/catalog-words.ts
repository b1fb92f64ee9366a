import { formatDuration } from '../domain/duration.js';
import { roundPercentInWords } from '../domain/in-words.js';
import { present } from '../documents/present.js';
import type { AccessSettings } from './access-settings.js';
import type { CatalogSettings, ConsulSettings, KubernetesSettings } from './catalog-settings.js';
import type { WordMap } from './words.js';

/** How files and logins are written; the same for all who have some. */
export interface CatalogWording {
  readonly fileWord: (path: string) => string;
  readonly accessWords: (access: AccessSettings) => WordMap;
}

/** The places of a catalogue as people would write them, defaults filled in; by name. */
export function catalogWords(settings: CatalogSettings, wording: CatalogWording): WordMap {
  const { kubernetes, consul, backstage, files, thresholds } = settings;
  const { fileWord, accessWords } = wording;
  return {
    'catalog kubernetes': Object.fromEntries(kubernetes.map((one) => [one.name, kubernetesWords(one, wording)])),
    'catalog consul': Object.fromEntries(consul.map((one) => [one.name, consulWords(one, wording)])),
    'catalog backstage': Object.fromEntries(
      backstage.map(({ name, from, intervalSeconds }) => [
        name,
        {
          interval: formatDuration(intervalSeconds),
          ...(from.kind === 'api'
            ? { url: from.url, ...accessWords(from.access) }
            : { files: from.patterns.map(fileWord) }),
        },
      ]),
    ),
    'catalog files': files.map(fileWord),
    'catalog thresholds': {
      silent: formatDuration(thresholds.silentSeconds),
      unreadable: formatDuration(thresholds.unreadableSeconds),
    },
  };
}

function kubernetesWords(settings: KubernetesSettings, { fileWord, accessWords }: CatalogWording): WordMap {
  const { cluster, connection, ownerLabels, tierLabels, ignoredNamespaces, rootNamespace, sidecars } = settings;
  const from =
    connection.kind === 'url'
      ? { url: connection.url, ...accessWords(connection.access) }
      : connection.kind === 'in-cluster'
        ? { in_cluster: 'true' }
        : { kubeconfig: fileWord(connection.file), ...present({ context: connection.context }) };
  return {
    cluster,
    ...from,
    owner_labels: ownerLabels,
    tier_labels: tierLabels,
    ignore_namespaces: ignoredNamespaces,
    root_namespace: rootNamespace,
    sidecars: Object.fromEntries(sidecars),
  };
}

function consulWords(settings: ConsulSettings, { accessWords }: CatalogWording): WordMap {
  const { url, access, datacenter, cluster, namespace, intervalSeconds, owner, thresholds, envoys } = settings;
  return {
    url,
    ...accessWords(access),
    ...present({ datacenter, owner }),
    cluster,
    namespace,
    interval: formatDuration(intervalSeconds),
    envoys,
    thresholds: {
      zombie: formatDuration(thresholds.zombieSeconds),
      mass_deregistration: roundPercentInWords(thresholds.massRatio),
      flaps: String(thresholds.flaps),
      sync: formatDuration(thresholds.syncSeconds),
    },
  };
}
