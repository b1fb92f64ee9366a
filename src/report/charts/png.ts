import { createRequire } from 'node:module';
import { renderAsync } from '@resvg/resvg-js';
import { fontFamily, pictureWidth } from './svg.js';

const { resolve } = createRequire(import.meta.url);

const fontFiles = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((file) => resolve(`dejavu-fonts-ttf/ttf/${file}`));

/** A picture as PNG, twice as fine as it is shown; drawn beside the event loop. */
export async function png(svg: string): Promise<Buffer> {
  const image = await renderAsync(svg, {
    fitTo: { mode: 'width', value: 2 * pictureWidth },
    // Without a file of its own, text vanishes silently where the system has no such font.
    font: { loadSystemFonts: false, fontFiles, defaultFontFamily: fontFamily },
  });
  return image.asPng();
}
