/** Measuring and showing: what every bench needs and nothing more. */

/** The middle of some numbers. */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Seconds that each candidate takes per call, round by round.
 *
 * The candidates take turns within each round, so that a slow moment of the machine meets all of them.
 *
 * @param candidates name -> function of the number of the call
 */
export function sideBySide(candidates, { rounds = 41, roundSeconds = 0.06 } = {}) {
  const entries = Object.entries(candidates);
  const seconds = Object.fromEntries(entries.map(([name]) => [name, []]));
  const calls = Object.fromEntries(entries.map(([name]) => [name, 0]));
  for (let round = -2; round < rounds; round++) {
    for (const [name, run] of entries) {
      const start = process.hrtime.bigint();
      let done = 0;
      let elapsed = 0;
      do {
        run(calls[name]++);
        done++;
        elapsed = Number(process.hrtime.bigint() - start) / 1e9;
      } while (elapsed < roundSeconds);
      if (round >= 0) seconds[name].push(elapsed / done);
    }
  }
  return seconds;
}

/** The middle of the ratios of two candidates' seconds in the same round: a load that comes and goes leaves it alone. */
export function medianRatio(above, below) {
  return median(above.map((seconds, round) => seconds / below[round]));
}

/** Prints rows as an aligned table, or the figures as JSON. */
export function show({ title, columns, rows, figures, json }) {
  if (json) {
    console.log(JSON.stringify(figures, undefined, 2));
    return;
  }
  const texts = [columns, ...rows.map((row) => row.map(String))];
  const widths = columns.map((_, column) => Math.max(...texts.map((row) => row[column].length)));
  const line = (row) =>
    row.map((text, column) => (column === 0 ? text.padEnd(widths[column]) : text.padStart(widths[column]))).join('  ');
  console.log(`\n${title}\n`);
  console.log(line(columns));
  console.log(widths.map((width) => '-'.repeat(width)).join('  '));
  for (const row of texts.slice(1)) console.log(line(row));
}
