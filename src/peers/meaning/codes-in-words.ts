/** Codes of HTTP as people say them: `429`, `4xx`, `4xx (but 404)`, `300 - 303`. */
export function codesInWords(codes: readonly string[]): string {
  const numbers = codes.map(Number);
  const parts = [...new Set(numbers.map((code) => Math.floor(code / 100)))].map((hundred) =>
    ofHundred(
      hundred,
      numbers.filter((code) => Math.floor(code / 100) === hundred),
    ),
  );
  return parts.join(' and ');
}

function ofHundred(hundred: number, codes: readonly number[]): string {
  const all = Array.from({ length: 100 }, (_, index) => hundred * 100 + index);
  const others = all.filter((code) => !codes.includes(code));
  if (others.length === 0) return `${hundred}xx`;
  if (others.length <= 5) return `${hundred}xx (but ${others.join(', ')})`;
  return runs(codes)
    .map(([from, to]) => (from === to ? String(from) : `${from} - ${to}`))
    .join(', ');
}

function runs(codes: readonly number[]): readonly (readonly [number, number])[] {
  const found: [number, number][] = [];
  for (const code of [...codes].sort((a, b) => a - b)) {
    const last = found.at(-1);
    if (last?.[1] === code - 1) last[1] = code;
    else found.push([code, code]);
  }
  return found;
}
