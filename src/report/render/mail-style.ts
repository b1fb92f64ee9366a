import type { Tone } from '../document/report-document.js';

/** Colours of the report on light ground, as attributes; those of {@link headStyle} replace them in the dark. */
export const colors = {
  page: '#eef1f4',
  card: '#ffffff',
  box: '#f6f7f9',
  line: '#dfe4e9',
  text: '#1f2a35',
  faint: '#566270',
  bad: '#b42318',
  warn: '#8a5200',
  good: '#176b43',
  link: '#1d5f96',
} as const;

/** Names that every system with a mail client has one of. */
export const fonts = "-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

/** Class and colour of a tone. */
export function toneColor(tone: Tone | undefined): readonly [className: string, color: string] {
  switch (tone) {
    case 'bad':
      return ['bd', colors.bad];
    case 'warn':
      return ['wn', colors.warn];
    case 'good':
      return ['gd', colors.good];
    case 'faint':
      return ['ft', colors.faint];
    case undefined:
      return ['tx', colors.text];
  }
}

/**
 * What cannot stand at an element: the dark, and narrow screens. Clients that drop it show the light form, whose colours
 * stay readable when a client turns them round by itself.
 */
export const headStyle = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (max-width: 480px) {
  .pad { padding-left: 16px !important; padding-right: 16px !important; }
  .edge { padding-left: 0 !important; padding-right: 0 !important; }
  .h1 { font-size: 20px !important; line-height: 27px !important; }
  .num { padding-left: 8px !important; }
}
@media (prefers-color-scheme: dark) {
  .pg { background-color: #12161b !important; }
  .cd { background-color: #1b2026 !important; }
  .bx { background-color: #242b33 !important; }
  .ln { border-color: #363f49 !important; }
  .tx { color: #e7ebef !important; }
  .ft { color: #a7b2bd !important; }
  .bd { color: #ff9e93 !important; }
  .wn { color: #efc274 !important; }
  .gd { color: #83d7a9 !important; }
  .lk { color: #8fc4f0 !important; }
}
`.trim();
