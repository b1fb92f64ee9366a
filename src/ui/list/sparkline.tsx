const width = 96;
const height = 24;

/** Traffic of the last hours as a small line from zero up; it breaks where nobody looked. */
export function Sparkline({ values }: { readonly values: readonly (number | null)[] }) {
  const highest = Math.max(...values.map((value) => value ?? 0), Number.MIN_VALUE);
  return (
    <svg class="sparkline" viewBox={`0 0 ${width} ${height}`} width={width} height={height} aria-hidden="true">
      <path d={linePath(values, highest, width, height)} />
    </svg>
  );
}

/** An SVG path through the values that are known, one piece per stretch without a hole. */
export function linePath(values: readonly (number | null)[], highest: number, wide: number, high: number): string {
  const step = wide / Math.max(1, values.length - 1);
  let path = '';
  let drawing = false;
  for (const [index, value] of values.entries()) {
    if (value !== null) {
      const y = high - 1 - (value / highest) * (high - 2);
      path += `${drawing ? 'L' : 'M'}${(index * step).toFixed(1)} ${y.toFixed(1)}`;
    }
    drawing = value !== null;
  }
  return path;
}
