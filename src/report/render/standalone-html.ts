import type { ReportImage } from '../render-report.js';

interface HtmlWithPictures {
  readonly body: string;
  readonly images: readonly Pick<ReportImage, 'cid' | 'png'>[];
}

/** The HTML as one file that a browser shows by itself: pictures stand in it instead of beside it. */
export function standaloneHtml({ body, images }: HtmlWithPictures): string {
  const pictures = new Map(images.map(({ cid, png }) => [cid, `data:image/png;base64,${png.toString('base64')}`]));
  return body.replace(/src="cid:([a-z-]+)"/g, (all, cid: string) => {
    const address = pictures.get(cid);
    return address === undefined ? all : `src="${address}"`;
  });
}
