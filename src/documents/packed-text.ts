import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** A text that small is kept as it is. */
const worthwhileLength = 4096;

/** A text in a tenth of its room, for whatever there are thousands of; unpacked at every call. */
export function packedText(text: string): () => string {
  if (text.length < worthwhileLength) return () => text;
  const packed = deflateRawSync(text, { level: 1 });
  return () => inflateRawSync(packed).toString('utf8');
}
