import { formatDuration } from '../domain/duration.js';
import type { AccessSettings } from './access-settings.js';
import type { DestinationSettings, HttpSettings, PublishSettings } from './publishing.js';
import { present } from '../documents/present.js';
import type { WordMap } from './words.js';

/** How a section of logins and certificates is written. */
export type AccessWords = (access: AccessSettings) => WordMap;

/** The section as people would write it, defaults filled in; destinations by name. */
export function publishWords(
  { set, graceSeconds, everySeconds, destinations }: PublishSettings,
  fileWord: (path: string) => string,
  accessWords: AccessWords,
): WordMap {
  const http = ({ url, timeoutSeconds, access }: HttpSettings): WordMap => ({
    url,
    timeout: formatDuration(timeoutSeconds),
    ...accessWords(access),
  });
  return {
    name: set,
    grace: formatDuration(graceSeconds),
    every: formatDuration(everySeconds),
    to: Object.fromEntries(destinations.map((one) => [one.name, destinationWords(one, fileWord, http)])),
  };
}

function destinationWords(
  settings: DestinationSettings,
  fileWord: (path: string) => string,
  http: (settings: HttpSettings) => WordMap,
): WordMap {
  switch (settings.kind) {
    case 'files': {
      const { folder, contents, reloads } = settings;
      return { folder: fileWord(folder), contents, reload: reloads.map(http) };
    }
    case 'grafana':
      return {
        ...http(settings),
        folder: settings.folder.title,
        folder_uid: settings.folder.uid,
        annotations: formatDuration(settings.annotationsSeconds),
      };
    case 'ruler': {
      const { api, tenant, namespace, checkLimits, rulesPerGroup } = settings;
      const limits = { check_limits: String(checkLimits), rules_per_group: rulesPerGroup?.toString() };
      return { ...http(settings), ...present({ api, tenant, namespace, ...limits }) };
    }
    case 'alertmanager':
      return { ...http(settings), ...present({ tenant: settings.tenant }) };
    case 'kubernetes': {
      const { namespace, labels, dashboards, rules, alertmanagerSecret } = settings;
      const words = { namespace, labels, dashboards, rules: String(rules), alertmanager_secret: alertmanagerSecret };
      return { ...http(settings), ...present(words) };
    }
  }
}
