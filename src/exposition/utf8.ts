const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Whether the bytes in [start, end) are UTF-8. */
export function isUtf8(bytes: Uint8Array, start: number, end: number): boolean {
  let wide = 0;
  for (let at = start; at < end; at++) wide |= bytes[at]!;
  if (wide < 0x80) return true;
  try {
    strict.decode(bytes.subarray(start, end));
    return true;
  } catch {
    return false;
  }
}

/** The text of the bytes in [start, end); what is not UTF-8 shows as U+FFFD. */
export function textOf(bytes: Uint8Array, start: number, end: number): string {
  return asBuffer(bytes).toString('utf8', start, end);
}

/** The same bytes as the Buffer whose native methods are several times faster than those of Uint8Array. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
