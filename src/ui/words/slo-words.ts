import { latencyInWords, paceInWords, percentInWords, quantileInWords, spanInWords } from '../../domain/in-words.js';
import { describeWindow } from '../../domain/window.js';
import type { PaceView, SloView } from '../../server/api-types/slo.js';

/** Whose eyes an SLO looks through, as a label. */
export const perspectiveNames: Readonly<Record<SloView['perspective'], string>> = {
  server: 'seen by the service’s proxy',
  'mesh-failures': 'mesh failures',
  client: 'seen by clients',
  union: 'service and mesh',
};

/** `99.9 % · 30 d`, `99 % ≤ 250 ms · month`, `99 % of minutes p99 ≤ 250 ms · 30 d` */
export function objectiveBrief({ objective, indicator, window }: Pick<SloView, 'objective' | 'indicator' | 'window'>) {
  const within =
    indicator.kind === 'availability' ? '' : `${windowed(indicator)} ≤ ${latencyInWords(indicator.thresholdSeconds)}`;
  const over = window.kind === 'rolling' ? describeWindow(window).replace(/(?<=\d)(?=[a-z])/g, ' ') : window.period;
  return `${percentInWords(objective)}${within} · ${over}`;
}

function windowed(indicator: SloView['indicator']): string {
  return indicator.kind === 'latency-windows' ? ` of minutes ${quantileInWords(indicator.quantile)}` : '';
}

/** `14x: spent in 2 days`; the API says null where the words want undefined. */
export function paceText(pace: PaceView): string {
  return paceInWords({ ...pace, exhaustedInSeconds: pace.exhaustedInSeconds ?? undefined });
}

/** `5 minutes`, `1 hour`, `1 day`: of a burn window. */
export function burnWindowText(seconds: number): string {
  if (seconds < 3600) return seconds === 60 ? '1 minute' : `${seconds / 60} minutes`;
  return seconds === 86_400 ? '1 day' : spanInWords(seconds);
}
