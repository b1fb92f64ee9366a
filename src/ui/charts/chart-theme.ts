import { signal } from '@preact/signals';

/** How a line is drawn; the dashes tell lines apart where colours do not. */
export type Tone = 'strong' | 'plain' | 'faint' | 'bad';

/** Colours of a canvas, which reads no style sheet: taken from the page's own. */
export interface ChartTheme {
  readonly quiet: string;
  readonly grid: string;
  readonly hatch: string;
  readonly imported: string;
  readonly limit: string;
  readonly event: string;
  readonly fontFamily: string;
  readonly tones: Readonly<Record<Tone, string>>;
}

const darkness = matchMedia('(prefers-color-scheme: dark)');

/** The colours as they are now; changes with the reader's preference. */
export const chartTheme = signal(readTheme());

darkness.addEventListener('change', () => {
  chartTheme.value = readTheme();
});

/** Lengths of line and hole. */
export const toneDashes: Readonly<Record<Tone, readonly number[]>> = {
  strong: [],
  plain: [7, 3],
  faint: [2, 3],
  bad: [],
};

function readTheme(): ChartTheme {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    quiet: read('quiet'),
    grid: read('line'),
    hatch: read('hatch'),
    imported: read('raised'),
    limit: read('limit'),
    event: read('event'),
    fontFamily: getComputedStyle(document.body).fontFamily,
    tones: { strong: read('accent'), plain: read('accent'), faint: read('accent'), bad: read('burning') },
  };
}
