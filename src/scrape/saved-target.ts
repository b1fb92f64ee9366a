import type { EpochSeconds } from '../domain/clock.js';
import { parseServiceKey, type ServiceId, serviceKey } from '../domain/service-id.js';
import type { SloId } from '../domain/slo.js';
import { fingerprintBytes } from './series-fingerprint.js';

/**
 * A target as it is kept over restarts of meshslo, and while it is not listed.
 *
 * Two blobs, because the set of series seldom changes while their values always do: a minute's commit stays small. Both
 * carry the generation of the set; blobs that do not belong together are no saved target.
 */
export interface SavedTarget {
  readonly lastScrapeAt: EpochSeconds;
  /** The same moment on this run's clock that does not jump; not written, and undefined after a restart of meshslo. */
  readonly lastScrapeMonotonic: number | undefined;
  readonly uptimeSeconds: number | undefined;
  /** When the target was found to be no longer listed, once its unseen tail has been told; undefined while it is listed. */
  readonly goneAt: EpochSeconds | undefined;
  /** Services whose requests it served. */
  readonly services: readonly ServiceId[];
  /** SLOs whose events it reported, its clients' side included. */
  readonly carried: readonly SloId[];
  /** {@link fingerprintBytes} for each series. */
  readonly fingerprints: Uint8Array;
  /** Last value by series; NaN where it could not be read, below zero where the series has vanished. */
  readonly values: Float64Array;
  readonly generation: number;
}

const layout = 1;
const setHeaderBytes = 16;
const valuesHeaderBytes = 40;

/** The set of a target's series, and whom they tell of. */
export function encodeSeriesSet(
  saved: Pick<SavedTarget, 'services' | 'carried' | 'fingerprints' | 'generation'>,
): Uint8Array {
  const names = new TextEncoder().encode(`${lines(saved.services.map(serviceKey))}\n\n${lines(saved.carried)}`);
  const bytes = new Uint8Array(setHeaderBytes + saved.fingerprints.length + names.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, layout);
  view.setUint32(4, saved.generation);
  view.setUint32(8, saved.fingerprints.length / fingerprintBytes);
  bytes.set(saved.fingerprints, setHeaderBytes);
  bytes.set(names, setHeaderBytes + saved.fingerprints.length);
  return bytes;
}

/** The last values of a target's series, and the process that they belong to. */
export function encodeValues(
  saved: Omit<SavedTarget, 'services' | 'carried' | 'fingerprints' | 'lastScrapeMonotonic'>,
): Uint8Array {
  const bytes = new Uint8Array(valuesHeaderBytes + saved.values.byteLength);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, layout);
  view.setUint32(4, saved.generation);
  view.setFloat64(8, saved.lastScrapeAt);
  view.setFloat64(16, saved.uptimeSeconds ?? NaN);
  view.setFloat64(24, saved.goneAt ?? NaN);
  bytes.set(new Uint8Array(saved.values.buffer, saved.values.byteOffset, saved.values.byteLength), valuesHeaderBytes);
  return bytes;
}

/** Puts a target together again; undefined when the blobs are damaged or of different generations. */
export function decodeSavedTarget(set: Uint8Array, values: Uint8Array): SavedTarget | undefined {
  if (set.length < setHeaderBytes || values.length < valuesHeaderBytes) return undefined;
  const setView = new DataView(set.buffer, set.byteOffset, set.length);
  const valuesView = new DataView(values.buffer, values.byteOffset, values.length);
  const generation = setView.getUint32(4);
  if (setView.getUint32(0) !== layout || valuesView.getUint32(0) !== layout) return undefined;
  if (valuesView.getUint32(4) !== generation) return undefined;

  const namesAt = setHeaderBytes + setView.getUint32(8) * fingerprintBytes;
  if ((values.length - valuesHeaderBytes) % Float64Array.BYTES_PER_ELEMENT !== 0) return undefined;
  // A copy, so that the numbers lie where a Float64Array may.
  const numbers = new Float64Array(new Uint8Array(values.subarray(valuesHeaderBytes)).buffer);
  if (namesAt > set.length || numbers.length * fingerprintBytes + setHeaderBytes > namesAt) return undefined;
  // A meshslo that did not know what a target carries wrote the services only.
  const [services = '', carried = ''] = new TextDecoder().decode(set.subarray(namesAt)).split('\n\n');
  return {
    lastScrapeAt: valuesView.getFloat64(8),
    lastScrapeMonotonic: undefined,
    uptimeSeconds: undefinedIfNaN(valuesView.getFloat64(16)),
    goneAt: undefinedIfNaN(valuesView.getFloat64(24)),
    services: services.split('\n').flatMap((key) => parseServiceKey(key) ?? []),
    carried: carried === '' ? [] : carried.split('\n'),
    fingerprints: new Uint8Array(set.subarray(setHeaderBytes, namesAt)),
    values: numbers,
    generation,
  };
}

/** Names one below the other; a name with a line break in it, which no mesh gives, is left out. */
function lines(names: readonly string[]): string {
  return names.filter((name) => !name.includes('\n')).join('\n');
}

function undefinedIfNaN(value: number): number | undefined {
  return Number.isNaN(value) ? undefined : value;
}
