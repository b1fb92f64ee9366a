/** What the demo says once it can be looked at. */
export interface DemoGreeting {
  /** Where the page is. */
  readonly url: string;
  /** The configuration, as one would type its name. */
  readonly file: string;
  /** Whether the ledger is one of an earlier start. */
  readonly goesOn: boolean;
  /** Whether the mesh has a simulated past. */
  readonly hasPast?: boolean;
  /** Where the report of the simulated week lies, as one would type it; undefined where there is no such week. */
  readonly outbox?: string;
  /** Where faults of the simulated mesh are listed and switched. */
  readonly faults?: string | undefined;
  /** Service that fails within five minutes. */
  readonly burns?: string;
}

/** Where `meshslo status` looks by itself. */
const usualUrl = 'http://127.0.0.1:8080';

/** What is worth looking at, and what of it is made up; the lines of a terminal. */
export function demoGreeting({
  url,
  file,
  goesOn,
  hasPast = true,
  outbox,
  faults,
  burns = 'shop/recommendations',
}: DemoGreeting): readonly string[] {
  const address = url.replace(/\/$/, '');
  const sights = [
    ['the page', `every service by urgency; within five minutes ${burns} burns`],
    [`npx meshslo status${address === usualUrl ? '' : ` --url ${address}`}`, 'the same in a terminal'],
    [file, 'the configuration; change an owner or an objective while this runs'],
    ...(outbox === undefined ? [] : [[outbox, 'the weekly report, as it is mailed: open a page or a mail'] as const]),
    ...(faults === undefined
      ? []
      : [[`curl ${faults}`, 'faults of the mesh; curl -X PUT (or DELETE) .../NAME switches one on (off)'] as const]),
  ] as const;
  const width = Math.max(...sights.map(([what]) => what.length));
  return [
    '',
    '  What is worth looking at',
    ...sights.map(([what, why]) => `    ${what.padEnd(width)}   ${why}`),
    '',
    hasPast
      ? pastLine(goesOn)
      : '  Everything is scraped: this mesh has no simulated past, and its budgets begin with the first start.',
    '  Ctrl-C stops. The next start goes on with the same ledger.',
  ];
}

function pastLine(goesOn: boolean): string {
  return goesOn
    ? '  What is older than the first start is simulated history and labelled so; everything since was scraped.'
    : '  What is older than this start is simulated history and labelled so; what is live is scraped.';
}
