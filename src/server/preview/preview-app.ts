import express, { type Express, type Request } from 'express';
import helmet from 'helmet';
import type { Board } from '../../domain/board.js';
import type { Clock } from '../../domain/clock.js';
import type { HttpPrometheus } from '../../prometheus/http-prometheus.js';
import { loopbackHostGuard } from '../guard.js';
import type { PastReader } from '../../publish/past-moment.js';
import { problemHandler } from '../problem.js';
import { askMarks } from './board-marks.js';
import { boardList, boardPage, sentencePage } from './board-page.js';
import type { PreviewView } from './fill-variables.js';
import { askBoard, valuesOf } from './panel-answer.js';
import { previewStyle } from './preview-style.js';

/** What a preview is made of; nothing of it is owned. */
export interface PreviewParts {
  readonly boards: readonly Board[];
  readonly prometheus: Pick<HttpPrometheus, 'instant' | 'range'>;
  /** What meshslo remembers; undefined where it has no ledger. */
  readonly past?: PastReader | undefined;
  readonly clock: Pick<Clock, 'now'>;
  readonly onBug: (error: unknown) => void;
}

/** Boards of single services that the list names. */
const mostServices = 100;

/** Steps of a chart; and the shortest, for what is recorded once a minute. */
const usualSteps = 240;
const leastStepSeconds = 60;

/** Pages that show boards with what a Prometheus knows. Only queries of these boards are ever asked, and nothing is changed. */
export function previewApp({ boards, prometheus, past, clock, onBug }: PreviewParts): Express {
  const byUid = new Map(boards.map((board) => [board.uid, board]));
  const wholes = boards.filter(({ uid }) => !isOfOne(uid));
  const services = boards.filter(({ uid }) => isOfOne(uid));
  const app = express();
  app.disable('x-powered-by');
  app.use(
    helmet({
      strictTransportSecurity: false,
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'none'"],
          styleSrc: ["'self'"],
          formAction: ["'self'"],
          frameAncestors: ["'none'"],
        },
      },
    }),
  );
  app.use(loopbackHostGuard());
  app.get('/style.css', (_request, response) => void response.type('css').send(previewStyle()));
  app.get('/', (_request, response) => response.redirect('/boards'));
  app.get('/boards', (_request, response) => {
    const shown = [...wholes, ...services.slice(0, mostServices)];
    response.type('html').send(boardList(shown, Math.max(0, services.length - mostServices)));
  });
  app.get('/boards/:uid', async (request, response) => {
    const board = byUid.get(request.params.uid);
    if (board === undefined) {
      response.status(404).type('html').send(sentencePage('No such board', 'Nothing is generated under this uid.'));
      return;
    }
    const { view, values } = await chosenView(board, request, { prometheus, clock });
    const answers = await askBoard(board, prometheus, view);
    const events = await askMarks(board, prometheus, view, past);
    response.type('html').send(boardPage({ board, answers, events, view, values, others: wholes }));
  });
  app.use(problemHandler(onBug));
  return app;
}

/** Whether a board is of one service or team, of which there may be thousands. */
function isOfOne(uid: string): boolean {
  return /^meshslo-(svc|team)-/.test(uid);
}

async function chosenView(
  board: Board,
  request: Request,
  { prometheus, clock }: Pick<PreviewParts, 'prometheus' | 'clock'>,
): Promise<{ readonly view: PreviewView; readonly values: ReadonlyMap<string, readonly string[]> }> {
  const asked = new URL(request.originalUrl, 'http://preview').searchParams;
  const last = Number(asked.get('last') ?? NaN);
  const seconds = last >= 300 && last <= 90 * 86_400 ? last : board.rangeSeconds;
  const stepSeconds = Math.max(leastStepSeconds, Math.ceil(seconds / usualSteps / 60) * 60);
  // At whole steps, so that a page that is shown again does not shift.
  const to = Math.floor(clock.now() / 15) * 15;
  const chosen: Record<string, string | undefined> = {};
  const view: PreviewView = { range: { from: to - seconds, to }, stepSeconds, chosen };
  const values = new Map<string, readonly string[]>();
  for (const variable of board.variables) {
    const known = await valuesOf(variable, prometheus, view);
    const wanted = asked.get(`var-${variable.name}`) ?? '';
    values.set(variable.name, known);
    chosen[variable.name] = known.includes(wanted) ? wanted : variable.single ? known[0] : undefined;
  }
  return { view, values };
}
