/** What an ending is worth to one perspective; `unseen` where its proxy never saw the request. */
export type EndingVerdict = 'good' | 'bad' | 'left-out';

/** A way for requests to end, as one of the two proxies reports it. */
export interface Ending {
  readonly reporter: 'destination' | 'source';
  readonly code: string;
  readonly flags: string;
  readonly grpcStatus: string;
  /** By perspective; absent where rows like this have no part in it. */
  readonly verdicts: Readonly<Partial<Record<TruthPerspective, EndingVerdict>>>;
  /** Which share of the traffic ends like this, given what is going on. */
  readonly shareOf: (moment: Moment) => number;
  /** Which share of these took longer than the threshold. */
  readonly slowShareOf: (moment: Moment) => number;
}

export type TruthPerspective = 'server' | 'mesh-failures' | 'client' | 'union';

/** What is going on at a moment: shares of all requests that arrive, each in [0, 1]. */
export interface Moment {
  readonly bad: number;
  readonly slow: number;
  readonly aborted: number;
  readonly meshFailures: number;
}

const never = (): number => 0;
const always = (): number => 1;
const slowly = ({ slow }: Moment): number => slow;
const halfOfThem = (): number => 0.5;

/**
 * Every ending of HTTP, as both proxies report it, and a gRPC failure behind HTTP 200.
 *
 * Written out once more, and not read from the pack: this is what the pack is held against.
 *
 * @see envoyproxy/envoy source/common/stream_info/utility.h for the flags
 */
export const endings: readonly Ending[] = [
  server('200', '-', 'good', ({ bad, aborted }) => 0.7 * (1 - bad - aborted), slowly),
  server('201', '-', 'good', ({ bad, aborted }) => 0.2 * (1 - bad - aborted), slowly),
  server('404', '-', 'good', ({ bad, aborted }) => 0.1 * (1 - bad - aborted), never),
  server('500', '-', 'bad', ({ bad }) => 0.5 * bad, slowly),
  server('503', 'UF', 'bad', ({ bad }) => 0.2 * bad, never),
  server('0', '-', 'bad', ({ bad }) => 0.1 * bad, always),
  { ...server('200', '-', 'bad', ({ bad }) => 0.2 * bad, slowly), grpcStatus: '14' },
  { ...server('0', 'DC', 'left-out', ({ aborted }) => aborted, halfOfThem), verdicts: { server: 'left-out' } },
  client('200', '-', { client: 'good', 'mesh-failures': 'good' }, ({ bad, aborted }) => 1 - bad - aborted, slowly),
  client('500', '-', { client: 'bad', 'mesh-failures': 'good' }, ({ bad }) => bad, slowly),
  client(
    '0',
    'DC',
    { client: 'left-out', 'mesh-failures': 'left-out', union: 'left-out' },
    ({ aborted }) => 0.8 * aborted,
    halfOfThem,
  ),
  client('504', 'UT', { client: 'bad', 'mesh-failures': 'good', union: 'bad' }, ({ aborted }) => 0.2 * aborted, always),
  client('503', 'UF,URX', meshFailure(), ({ meshFailures }) => 0.6 * meshFailures, never),
  client('503', 'UH', meshFailure(), ({ meshFailures }) => 0.3 * meshFailures, never),
  client('404', 'NR', { ...meshFailure(), client: 'good' }, ({ meshFailures }) => 0.1 * meshFailures, never),
];

function server(
  code: string,
  flags: string,
  verdict: EndingVerdict,
  shareOf: Ending['shareOf'],
  slowShareOf: Ending['slowShareOf'],
): Ending {
  const verdicts = { server: verdict, union: verdict };
  return { reporter: 'destination', code, flags, grpcStatus: '', verdicts, shareOf, slowShareOf };
}

function client(
  code: string,
  flags: string,
  verdicts: Ending['verdicts'],
  shareOf: Ending['shareOf'],
  slowShareOf: Ending['slowShareOf'],
): Ending {
  return { reporter: 'source', code, flags, grpcStatus: '', verdicts, shareOf, slowShareOf };
}

function meshFailure(): Ending['verdicts'] {
  return { client: 'bad', 'mesh-failures': 'bad', union: 'bad' };
}
