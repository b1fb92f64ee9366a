import type { BoardUnit } from '../../domain/board.js';

/** A value as people read it: three figures, or so many decimals, and its unit. */
export function unitText(value: number, unit: BoardUnit, decimals?: number): string {
  if (!Number.isFinite(value)) return 'unknown';
  if (decimals !== undefined && unit === 'percentunit') return `${(value * 100).toFixed(decimals)} %`;
  switch (unit) {
    case 'percentunit':
      return `${figures(value * 100)} %`;
    case 'reqps':
      return `${scaled(value)} req/s`;
    case 'ops':
      return `${scaled(value)} ops/s`;
    case 's':
      return duration(value);
    case 'ms':
      return duration(value / 1000);
    case 'bytes':
      return bytes(value);
    case 'x':
      return `${figures(value)}x`;
    case 'short':
      return scaled(value);
  }
}

function figures(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size < 0.001) return value.toExponential(1);
  return String(Number(value.toPrecision(size >= 1000 ? Math.ceil(Math.log10(size)) : 3)));
}

function scaled(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e6) return `${figures(value / 1e6)} M`;
  if (size >= 1e4) return `${figures(value / 1e3)} k`;
  return figures(value);
}

function bytes(value: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, Math.abs(value))) / 10)));
  return `${figures(value / 1024 ** step)} ${units[step]!}`;
}

function duration(seconds: number): string {
  const size = Math.abs(seconds);
  if (size === 0) return '0 s';
  if (size < 0.001) return `${figures(seconds * 1e6)} µs`;
  if (size < 1) return `${figures(seconds * 1000)} ms`;
  if (size < 120) return `${figures(seconds)} s`;
  if (size < 7200) return `${figures(seconds / 60)} min`;
  if (size < 2 * 86_400) return `${figures(seconds / 3600)} h`;
  return `${figures(seconds / 86_400)} d`;
}
