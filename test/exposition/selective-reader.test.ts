import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Failure } from '../../src/domain/failure.js';
import { readExposition } from '../../src/exposition/read-exposition.js';
import { SelectiveReader, type SelectiveScrape } from '../../src/exposition/selective-reader.js';
import { seriesKey } from '../../src/exposition/series-key.js';

/** Wanted series and values in the order of the body, as the complete reader sees them; the first of a series counts. */
function completely(
  body: Uint8Array,
  wanted: ReadonlySet<string>,
): { values: [string, number][]; duplicates: number; badLines: number } {
  const read = readExposition(body, { lastLine: 'drop', maxProblems: Infinity });
  // The selective reader passes over comments, broken ones too.
  const badLines = read.problems.filter(({ rule }) => rule !== 'metadata-syntax').length;
  const values = new Map<string, number>();
  let duplicates = 0;
  for (const { name, labels, value } of read.families.flatMap(({ samples }) => samples)) {
    if (!wanted.has(name)) continue;
    const key = seriesKey(name, labels);
    if (values.has(key)) duplicates++;
    else values.set(key, value);
  }
  return { values: sorted([...values]), duplicates, badLines };
}

function selectively(reader: SelectiveReader, scrape: SelectiveScrape): [string, number][] {
  return sorted(
    Array.from({ length: scrape.count }, (_, index) => {
      const { name, labels } = reader.series(scrape.series[index]!);
      return [seriesKey(name, labels), scrape.values[index]!];
    }),
  );
}

function sorted(values: [string, number][]): [string, number][] {
  return values.sort(([a], [b]) => (a < b ? -1 : 1));
}

/** What the lines of some bodies begin with: the names of all their samples, of broken ones too. */
function everyName(bodies: readonly Uint8Array[]): ReadonlySet<string> {
  const texts = bodies.map((body) => Buffer.from(body).toString('latin1'));
  return new Set(texts.flatMap((body) => [...body.matchAll(/^[ \t]*([a-zA-Z_:][\w:]*)/gm)].map(([, name]) => name!)));
}

/** Reads the bodies one after the other and holds each against the complete reader. */
function expectSame(bodies: readonly Uint8Array[], wanted: ReadonlySet<string>, everything = false): void {
  const reader = new SelectiveReader(wanted);
  for (const body of bodies) {
    const known = reader.seriesKnown;
    const scrape = reader.read(body);
    const complete = completely(body, wanted);
    expect(selectively(reader, scrape)).toEqual(complete.values);
    expect(scrape.duplicates).toBe(complete.duplicates);
    expect(scrape.firstNew).toBe(known);
    if (everything) expect(scrape.badLines).toBe(complete.badLines);
    else expect(scrape.badLines).toBeLessThanOrEqual(complete.badLines);
  }
}

const requestNames: ReadonlySet<string> = new Set([
  'requests',
  'requests_total',
  'requests_bucket',
  'requests_x',
  'up',
]);
const text = (body: string): Buffer => Buffer.from(body);

describe('a selective reader', () => {
  test('finds the wanted series, their values and nothing else', () => {
    const reader = new SelectiveReader(requestNames);
    const body = text('# TYPE requests_total counter\nrequests_total{code="200"} 7\nother 1\nup 1\n');
    const scrape = reader.read(body);
    expect(selectively(reader, scrape)).toEqual([
      ['requests_total,["code","200"]', 7],
      ['up', 1],
    ]);
    expect(scrape).toMatchObject({
      count: 2,
      firstNew: 0,
      badLines: 0,
      duplicates: 0,
      totalSamples: 3,
      truncated: false,
    });
    expect(reader.read(body)).toMatchObject({ count: 2, firstNew: 2 });
  });

  test.each([
    { second: 'up{a="1",b="2"} 1\n', why: 'the very same line' },
    { second: 'up{b="2",a="1"} 1\n', why: 'another order' },
    { second: 'up{ a = "1" , b = "2", } 1\n', why: 'blanks and a last comma' },
    { second: 'up{a="1",b="2",c=""} 1\n', why: 'a label without a value is no label' },
    { second: ' up{a="1",b="2"}1 1234\n', why: 'blanks before, none behind, a timestamp' },
    { second: 'up{a="1",b="2"} 1\r\n', why: 'a carriage return' },
  ])('takes two spellings for one series: $why', ({ second }) => {
    const reader = new SelectiveReader(requestNames);
    reader.read(text('up{a="1",b="2"} 1\n'));
    const scrape = reader.read(text(second));
    expect(scrape).toMatchObject({ count: 1, firstNew: 1, badLines: 0 });
    expect(scrape.series[0]).toBe(0);
    expect(scrape.values[0]).toBe(1);
  });

  test('a wanted line that takes the place of part of an unwanted one, byte for byte as long, is not overlooked', () => {
    const before = 'a{x="0123456789012345678901234567890"} 1\nup 1\n';
    const after = 'a{x="012345678901234"} 1\nrequests_x 22\n\nup 1\n';
    expectSame([text(before), text(before), text(after), text(before)], requestNames);
    expectSame([text('aaaa 1111111\nup 1\n'), text('aaaa 1\nup 11\nup 1\n')], requestNames);
  });

  test('an unwanted name that grows into a wanted one is seen', () => {
    expectSame([text('request 1\nup 1\n'), text('requests 1\nup 1\n'), text('request{} 1\nup 1\n')], requestNames);
  });

  test('the first sample of a series counts, later ones are duplicates', () => {
    const scrape = new SelectiveReader(requestNames).read(text('up 1\nup 2\nup{} 3\n'));
    expect(scrape).toMatchObject({ count: 1, duplicates: 2 });
    expect(scrape.values[0]).toBe(1);
  });

  test('a last line without a newline is not read: its number may have been cut', () => {
    const reader = new SelectiveReader(requestNames);
    reader.read(text('up 1234\n'));
    expect(reader.read(text('requests 1\nup 12'))).toMatchObject({ count: 1, badLines: 1, truncated: true });
    expect(reader.read(text('up 1\n# EOF'))).toMatchObject({ count: 1, badLines: 0, truncated: false });
    expect(reader.read(text(''))).toMatchObject({ count: 0, badLines: 0, truncated: false });
  });

  test.each([
    '0',
    '7',
    '-1',
    '1.5',
    '1e9',
    '9007199254740993',
    '123456789012345678',
    'NaN',
    '+Inf',
    '-Inf',
    'Inf',
    '.5',
    '00012',
  ])('replays the number %s exactly', (number) => {
    const reader = new SelectiveReader(requestNames);
    reader.read(text('up 1\n'));
    const expected = /inf/i.test(number) ? Number(number.replace('Inf', 'Infinity')) : Number(number);
    expect(reader.read(text(`up ${number}\n`)).values[0]).toBe(expected);
  });

  test.each(['', ' ', '0x10', '1_0', '1 z', '1 2 3', '--1', '1e', 'nope', '1,5'])(
    'counts the number %j as a bad line',
    (number) => {
      const reader = new SelectiveReader(requestNames);
      reader.read(text('up 1\n'));
      expect(reader.read(text(`up ${number}\n`))).toMatchObject({ count: 0, badLines: 1 });
    },
  );

  test('refuses a body with too many series as a whole and is then as before', () => {
    const reader = new SelectiveReader(requestNames, { maxSeries: 2 });
    reader.read(text('up{a="1"} 1\nup{a="2"} 1\n'));
    let thrown: unknown;
    try {
      reader.read(text('up{a="1"} 1\nup{a="3"} 1\nup{a="4"} 1\n'));
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(Failure);
    expect((thrown as Failure).code).toBe('too-many-series');
    expect(reader.seriesKnown).toBe(2);
    const scrape = reader.read(text('up{a="3"} 5\nup{a="2"} 6\n'));
    expect([...scrape.series.subarray(0, 2)]).toEqual([2, 1]);
    expect([...scrape.values.subarray(0, 2)]).toEqual([5, 6]);
    expect(scrape.firstNew).toBe(2);
  });

  test.each([
    { why: 'wanted', flood: 'up 1\n'.repeat(11) },
    { why: 'unwanted', flood: 'other 1\n'.repeat(11) },
    { why: 'broken', flood: '{\n'.repeat(11) },
    { why: 'comments', flood: '# \n'.repeat(11) },
    { why: 'blank', flood: '\n'.repeat(11) },
    { why: 'of all kinds', flood: `${'up 1\nother 1\n# \n\n'.repeat(2)}{\n{\n{\n` },
  ])(
    'refuses a body of too many lines ($why), also when it has read them before, and is then as before',
    ({ flood }) => {
      const reader = new SelectiveReader(requestNames, { maxLines: 10 });
      for (const body of ['up{a="1"} 1\n', flood.slice(0, flood.lastIndexOf('\n', flood.length - 2) + 1)]) {
        expect(() => reader.read(text(body))).not.toThrow();
        expect(() => reader.read(text(flood))).toThrow('the body has more than 10 lines');
      }
      expect(reader.read(text('up{a="1"} 7\n'))).toMatchObject({ count: 1 });
    },
  );

  test('a target that writes the same series in ever new ways costs no memory for ever', () => {
    const reader = new SelectiveReader(requestNames, { maxSeries: 4 });
    for (let read = 0; read < 200; read++) {
      const scrape = reader.read(text(`up{${' '.repeat(read)}a="1"} ${read}\nname_${read} 1\n`));
      expect([scrape.count, scrape.series[0], scrape.values[0]]).toEqual([1, 0, read]);
    }
    expect(reader.seriesKnown).toBe(1);
  });

  test('a line that is too long is a bad one, wanted or not, also where a shorter one stood', () => {
    const reader = new SelectiveReader(requestNames, { maxLineBytes: 40 });
    const body = (labels: string): Buffer => text(`a_long_enough_name{a="${labels}"} 1\n# ${labels}\nup 1\n`);
    for (const [labels, badLines] of [
      ['short', 0],
      ['x'.repeat(60), 2],
      ['short', 0],
    ] as const) {
      expect(reader.read(body(labels))).toMatchObject({ count: 1, badLines });
    }
  });

  test('a label value with NULs is told from one with other bytes', () => {
    const line = (value: string): string => `up{a="${value}"} 1\n`;
    expectSame(
      [line('\0'.repeat(16)), line('\0'.repeat(15) + 'x'), line('\0'.repeat(16))].map(text),
      requestNames,
      true,
    );
    const halfZero = Buffer.from(line('\0'.repeat(16)));
    halfZero[14] = 0x80;
    expectSame([text(line('\0'.repeat(16))), halfZero], requestNames, true);
  });
});

const names = ['requests_total', 'requests', 'request', 'up', 'upper', 'envoy_cluster_upstream_cx_total', 'a'];
const labelSets = [
  '',
  '{}',
  '{a="1"}',
  '{a="1",b="2"}',
  '{b="2",a="1"}',
  '{a="x\\"\\\\\\n y",b="ü"}',
  '{a="',
  '{a="1"b="2"}',
];
const numbers = ['0', '1', '17', '1e3', '1.5', 'NaN', '+Inf', '-3', '123456789012345678', 'x', '', '1 2', '1 2 3'];
const line = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(fc.constantFrom(...names), fc.constantFrom(...labelSets), fc.constantFrom(...numbers))
      .map(([name, labels, number]) => `${name}${labels} ${number}`),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '# TYPE up gauge',
      '#',
      '',
      ' ',
      '# EOF',
      '\t up 3',
      'up 1 # {a="b"} 1',
      'up 1\r',
      '\0',
      '1up 2',
    ),
  },
);
const bodyLines = fc.array(line, { maxLength: 24 });

/** What happens to a body between two scrapes. */
const change = fc.record({
  kind: fc.constantFrom('add', 'remove', 'move', 'value', 'mutate', 'truncate', 'nothing'),
  at: fc.nat(),
  to: fc.nat(),
  line,
  byte: fc.integer({ min: 0, max: 255 }),
});

function changed(
  body: Buffer,
  { kind, at, to, line: fresh, byte }: typeof change extends fc.Arbitrary<infer T> ? T : never,
): Buffer {
  const lines = body.toString('latin1').split('\n');
  const here = at % lines.length;
  if (kind === 'add') lines.splice(here, 0, Buffer.from(fresh).toString('latin1'));
  else if (kind === 'remove') lines.splice(here, 1);
  else if (kind === 'move') lines.splice(to % lines.length, 0, ...lines.splice(here, 1));
  else if (kind === 'value') lines[here] = lines[here]!.replace(/\d+$/, String(to));
  const whole = Buffer.from(lines.join('\n'), 'latin1');
  if (kind === 'mutate' && whole.length > 0) whole[to % whole.length] = byte;
  return kind === 'truncate' ? whole.subarray(0, to % (whole.length + 1)) : whole;
}

function sequence(first: Buffer, changes: readonly Parameters<typeof changed>[1][]): readonly Buffer[] {
  const bodies = [first];
  for (const each of changes) bodies.push(changed(bodies.at(-1)!, each));
  return bodies;
}

/** A run of wanted lines as long as a mesh writes them, so that the reader verifies many at one go. */
const longRun = fc.record({
  values: fc.array(fc.constantFrom('0', '9', '10', '99', '100', '12345', '999999999999999', '1e3', '1.5', '7 1234'), {
    minLength: 1,
    maxLength: 40,
  }),
  between: fc.constantFrom('', '# a comment\n', 'other{a="b"} 1.5\n', '\n'),
  every: fc.integer({ min: 1, max: 12 }),
});

function runOfLines({ values, between, every }: typeof longRun extends fc.Arbitrary<infer T> ? T : never): Buffer {
  const labels = (['source', 'destination'] as const).map((side) => `${side}="${side.repeat(16)}"`).join();
  const lines = values.map(
    (value, index) => `requests_bucket{${labels},le="${index}"} ${value}\n${index % every === 0 ? between : ''}`,
  );
  return Buffer.from(lines.join(''));
}

describe('a run of wanted lines', () => {
  test('is read exactly while its values change their width, shape and number', () => {
    fc.assert(
      fc.property(fc.array(longRun, { minLength: 2, maxLength: 12 }), (runs) => {
        expectSame(runs.map(runOfLines), requestNames, true);
      }),
      { numRuns: 200 },
    );
  });

  test('is read exactly while any of its bytes change, as often as that may be', () => {
    fc.assert(
      fc.property(longRun, fc.array(change, { minLength: 1, maxLength: 12 }), (run, changes) => {
        const body = runOfLines(run);
        const bodies = changes.flatMap((each) => [changed(body, each), body]);
        expectSame([body, ...bodies], requestNames);
      }),
      { numRuns: 200 },
    );
  });

  test('hands on nothing of what looks like values and is not', () => {
    const line = (label: string, value: string): string => `requests{a="${label.repeat(150)}"} ${value}\n`;
    const before = ['a', 'b', 'c'].map((label) => line(label, '1')).join('');
    const after = [line('a', '5'), line('x', '6'), line('c', '7')].join('');
    const reader = new SelectiveReader(requestNames);
    for (const body of [before, before]) reader.read(text(body));
    const scrape = reader.read(text(after));
    expect([...scrape.series.subarray(0, scrape.count)]).toEqual([0, 3, 2]);
    expect([...scrape.values.subarray(0, scrape.count)]).toEqual([5, 6, 7]);
    expect(scrape).toMatchObject({ totalSamples: 3, duplicates: 0, badLines: 0 });
  });

  test('is laid out anew when its values have grown, and goes on being read exactly', () => {
    const lines = 40;
    const body = (value: number): Buffer =>
      text(Array.from({ length: lines }, (_, n) => `requests{a="${'x'.repeat(20)}",n="${n}"} ${value + n}\n`).join(''));
    const reader = new SelectiveReader(requestNames);
    reader.read(body(1));
    for (let read = 0; read < 60; read++) {
      const scrape = reader.read(body(100_000 + read));
      expect(scrape).toMatchObject({ count: lines, totalSamples: lines, firstNew: lines });
      expect([...scrape.values.subarray(0, lines)]).toEqual(
        Array.from({ length: lines }, (_, n) => 100_000 + read + n),
      );
      expect([...scrape.series.subarray(0, lines)]).toEqual(Array.from({ length: lines }, (_, n) => n));
    }
    expect(reader.series(lines - 1).labels.get('n')).toBe(String(lines - 1));
  });

  test('stops at the limit of series only where it really is beyond it', () => {
    const body = (labels: readonly string[]): Buffer => text(labels.map((a) => `requests{a="${a}"} 1\n`).join(''));
    const reader = new SelectiveReader(requestNames, { maxSeries: 2 });
    reader.read(body(['1', '2']));
    expect(reader.read(body(['1', '2', '2', '1']))).toMatchObject({ count: 2, duplicates: 2 });
    expect(reader.read(body(['1', '2', '2', '1']))).toMatchObject({ count: 2, duplicates: 2 });
    expect(() => reader.read(body(['1', '2', '2', '3']))).toThrow(Failure);
    expect(reader.read(body(['2', '1']))).toMatchObject({ count: 2, duplicates: 0 });
  });
});

describe('selective reading is complete reading of the wanted names', () => {
  test('whatever the lines, and whatever happens to them between scrapes', () => {
    fc.assert(
      fc.property(bodyLines, fc.array(change, { maxLength: 8 }), fc.boolean(), (lines, changes, everything) => {
        const first = Buffer.from(lines.map((each) => `${each}\n`).join(''));
        const bodies = sequence(first, changes);
        expectSame(bodies, everything ? everyName(bodies) : requestNames, everything);
      }),
      { numRuns: 800 },
    );
  });

  test('on arbitrary bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 4 }), (bodies) => {
        expectSame(bodies, everyName(bodies), true);
      }),
      { numRuns: 500 },
    );
  });

  const fixtures = '../shared/fixtures';
  if (!existsSync(fixtures)) {
    test.skip(`on every recording of a mesh (missing: ${fixtures})`, () => undefined);
    return;
  }
  const ofMesh = /^(istio_requests|istio_request_duration|envoy_server_|response_|request_|pilot_xds)/;
  const recordings = ['istio', 'linkerd', 'envoy', 'nginx', 'traefik-mesh'].flatMap((folder) =>
    readdirSync(`${fixtures}/${folder}`)
      .filter((name) => /\.(prom|om\.txt)$/.test(name))
      .map((name) => `${folder}/${name}`),
  );
  test.each(recordings)('on %s, under changes', (file) => {
    const body = readFileSync(`${fixtures}/${file}`);
    expectSame([body, body], everyName([body]), true);
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const bodies = [body, ...sequence(body, changes)];
        expectSame(bodies, new Set([...everyName(bodies)].filter((name) => ofMesh.test(name))));
      }),
      { numRuns: body.length > 300_000 ? 1 : 3 },
    );
  });
});
