import { createHash } from 'node:crypto';

/** Bytes that stand for one series in a checkpoint. Two series of one target share them once in 10^12 targets. */
export const fingerprintBytes = 8;

/** The same for every spelling and order of the same labels, in every version of meshslo. */
export function seriesFingerprint(name: string, labels: ReadonlyMap<string, string>): Uint8Array {
  const parts = [...labels].sort(([a], [b]) => (a < b ? -1 : 1)).flat();
  return createHash('sha1')
    .update([name, ...parts].join('\u0000'))
    .digest()
    .subarray(0, fingerprintBytes);
}
