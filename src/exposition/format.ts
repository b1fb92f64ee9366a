/** The two text formats that targets speak. */
export type ExpositionFormat = 'prometheus-text' | 'openmetrics';

/**
 * The format that a `Content-Type` header names; undefined where it names neither.
 *
 * A target that says `text/plain` means Prometheus text, whatever the version; one that says nothing must be looked at.
 */
export function formatOfContentType(contentType: string | undefined): ExpositionFormat | undefined {
  const mediaType = contentType?.split(';', 1)[0]?.trim().toLowerCase();
  if (mediaType === 'application/openmetrics-text') return 'openmetrics';
  if (mediaType === 'text/plain') return 'prometheus-text';
  return undefined;
}

const endOfFile = [0x23, 0x20, 0x45, 0x4f, 0x46];

/** The format that a body shows by itself: OpenMetrics where some line is `# EOF`, otherwise Prometheus text. */
export function formatOfBody(body: Uint8Array): ExpositionFormat {
  for (let start = 0; start < body.length;) {
    const newline = body.indexOf(0x0a, start);
    const end = newline < 0 ? body.length : newline;
    if (isEndOfFile(body, start, end)) return 'openmetrics';
    start = end + 1;
  }
  return 'prometheus-text';
}

/** Whether the line in [start, end) is OpenMetrics' `# EOF`. */
export function isEndOfFile(body: Uint8Array, start: number, end: number): boolean {
  return end - start === endOfFile.length && endOfFile.every((byte, index) => body[start + index] === byte);
}
