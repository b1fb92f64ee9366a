import type { Tone } from '../../domain/board.js';

/** Grafana's palette by meaning: it has a light and a dark shade of each name. */
export const toneColours: Readonly<Record<Tone, string>> = {
  plain: 'blue',
  good: 'green',
  bad: 'red',
  warning: 'orange',
  quiet: 'text',
  p50: 'super-light-purple',
  p90: 'purple',
  p99: 'dark-purple',
};
