import type { EpochSeconds } from '../../domain/clock.js';
import type { Finding } from '../../domain/finding.js';
import { countInWords, spanInWords } from '../../domain/in-words.js';
import { type Workload, workloadByName } from '../../domain/workload.js';
import type { ProxyBook, ProxyName, ProxyOwner } from '../proxy-book.js';
import { type Scope, subjectOf } from './scope.js';

/** A proxy with its owner. */
export interface OwnedProxy extends ProxyName, ProxyOwner {}

/** A proxy with its owner, and nothing else that is known of it. */
export function ownedProxy({ cluster, namespace, pod }: ProxyName, book: ProxyBook): OwnedProxy {
  const name = { cluster, namespace, pod };
  return { ...name, ...book.ownerOf(name) };
}

/** Errors of proxies may be pages long. */
const longestError = 300;

/** A proxy that was sent something and has not taken it. */
export function sidecarOutOfSync(
  scope: Scope,
  proxy: OwnedProxy,
  stuck: {
    readonly what: readonly string[];
    readonly seconds: number;
    readonly since: EpochSeconds;
    readonly at: string;
  },
): Finding {
  return {
    kind: 'SidecarOutOfSync',
    subject: proxySubject(scope, proxy),
    owner: proxy.owner,
    summary: `${inWords(proxy)} has not taken the ${listed(stuck.what)} that it was sent ${spanInWords(stuck.seconds)} ago`,
    evidence: { types: stuck.what.join(', '), instance: stuck.at, seconds: String(Math.round(stuck.seconds)) },
    action: `See the log of its proxy; when it says nothing, restart the pod: kubectl -n ${word(proxy.namespace)} delete ${word(`pod/${proxy.pod}`)}`,
    since: stuck.since,
  };
}

/** A proxy that refuses what it is sent. */
export function configRejected(
  scope: Scope,
  proxy: OwnedProxy,
  refused: { readonly what: readonly string[]; readonly error: string; readonly at: string },
): Finding {
  const error = clipped(refused.error);
  return {
    kind: 'ConfigRejected',
    subject: proxySubject(scope, proxy),
    owner: proxy.owner,
    summary: `${inWords(proxy)} refuses the ${listed(refused.what)} that it is sent: ${error}`,
    evidence: { types: refused.what.join(', '), error, instance: refused.at },
    action:
      'It goes on with what it had. Look for what was changed last in what the error names (a filter, a route, a certificate), and take it back.',
    since: undefined,
  };
}

/** Proxies of one workload that are of another version than wanted. */
export function versionDrift(
  scope: Scope,
  drift: {
    readonly proxies: readonly OwnedProxy[];
    readonly ofAll: number;
    readonly version: string;
    readonly wanted: string;
  },
): Finding {
  const [first] = drift.proxies;
  const { namespace, service, owner, pod } = first!;
  const name = service?.name ?? workloadByName(pod).name;
  const pods = drift.proxies.map((proxy) => proxy.pod).sort();
  return {
    kind: 'VersionDrift',
    subject: {
      ...subjectOf(scope),
      ...workloadSubject(first!),
      version: drift.version,
    },
    owner,
    summary: `${countInWords(pods.length)} of ${countInWords(drift.ofAll)} proxies of ${namespace}/${name} run ${drift.version}, and should run ${drift.wanted}`,
    evidence: {
      version: drift.version,
      wanted: drift.wanted,
      pods: pods.length > 10 ? `${pods.slice(0, 10).join(', ')} and ${pods.length - 10} more` : pods.join(', '),
    },
    action: `Restart them when it suits you: kubectl -n ${word(namespace)} rollout restart ${restarted(drift.proxies)}`,
    since: undefined,
  };
}

/** `deployment/cart statefulset/cart-store`: each once, and no more than a line holds. */
function restarted(proxies: readonly OwnedProxy[]): string {
  const all = proxies.map(({ workload, pod }): Workload => workload ?? workloadByName(pod));
  const words = [...new Set(all.map(({ kind, name }) => word(`${kind}/${name}`)))].sort();
  return words.length > 5 ? `${words.slice(0, 5).join(' ')} (and ${words.length - 5} more)` : words.join(' ');
}

/** Which workload a proxy belongs to, as findings name it: by the service that is known, else by its pod's name. */
export function workloadSubject({ cluster, namespace, service, pod }: OwnedProxy): Readonly<Record<string, string>> {
  return { cluster, namespace, ...(service ? { service: service.name } : { workload: workloadByName(pod).name }) };
}

/** Clusters or listeners that wait for something that does not come. */
export function warmingStuck(
  scope: Scope,
  proxy: OwnedProxy,
  { clusters, listeners, seconds }: { readonly clusters: number; readonly listeners: number; readonly seconds: number },
): Finding {
  const what = [counted(clusters, 'cluster'), counted(listeners, 'listener')].filter((one) => one !== undefined);
  return {
    kind: 'WarmingStuck',
    subject: proxySubject(scope, proxy),
    owner: proxy.owner,
    summary: `${inWords(proxy)} has ${what.join(' and ')} that ${clusters + listeners === 1 ? 'has' : 'have'} been warming for ${spanInWords(seconds)}`,
    evidence: { clusters: String(clusters), listeners: String(listeners), seconds: String(Math.round(seconds)) },
    action:
      'Until they are warm, requests go by the configuration before. /init_dump and /config_dump?resource=dynamic_warming_clusters of the proxy say what they wait for: endpoints, or a secret.',
    since: undefined,
  };
}

/** Gauges of a process that has replaced itself, where its version adds up the old and the new. */
export function gaugeAfterHotRestart(
  scope: Scope,
  proxy: OwnedProxy,
  { epoch, version }: { readonly epoch: number; readonly version: string },
): Finding {
  return {
    kind: 'GaugeAfterHotRestart',
    subject: proxySubject(scope, proxy),
    owner: proxy.owner,
    summary: `gauges of ${inWords(proxy)} hold the connections of processes that are gone: it has replaced itself ${countInWords(epoch)} times, and is ${version}`,
    evidence: { epoch: String(epoch), version },
    action: 'Do not trust its gauges, such as connections in use; upgrade to Envoy 1.15, or restart it as a whole.',
    since: undefined,
  };
}

function proxySubject(
  scope: Scope,
  { cluster, namespace, pod, service }: OwnedProxy,
): Readonly<Record<string, string>> {
  return { ...subjectOf(scope), cluster, namespace, ...(service && { service: service.name }), proxy: pod };
}

function inWords({ namespace, pod }: ProxyName): string {
  return `the proxy of ${namespace}/${pod}`;
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)!}`;
}

function counted(count: number, noun: string): string | undefined {
  return count === 0 ? undefined : `${countInWords(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** A word of a command that people paste into a shell: names come from the network. */
function word(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function clipped(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > longestError ? `${line.slice(0, longestError)}...` : line;
}
