import type { FormatRules, Report } from './format-rules.js';
import { type ExpositionFormat, isEndOfFile } from './format.js';
import { LineCursor } from './line-cursor.js';
import { openMetricsMetadata, textMetadata } from './metadata.js';
import { OpenMetricsRules } from './openmetrics-rules.js';
import { PrometheusTextRules } from './prometheus-text-rules.js';
import type { ProblemList } from './problem-list.js';
import type { ExpositionRule } from './problem.js';
import { ruledSample } from './ruled-sample.js';

/** Reads a body to the letter of its format and adds every broken rule to `problems`; returns how many lines break one. */
export function strictProblems(
  body: Uint8Array,
  format: ExpositionFormat,
  maxLineBytes: number,
  problems: ProblemList,
): number {
  const badLines = new Set<number>();
  const report: Report = (rule, line, column, message) => {
    badLines.add(line);
    problems.add(rule, line, column, message);
  };
  const rules = format === 'openmetrics' ? new OpenMetricsRules(report) : new PrometheusTextRules(report);
  const cursor = new LineCursor(body, format, maxLineBytes);
  let endOfFile = false;

  while (cursor.next()) {
    const { kind, line, start, end } = cursor;
    if (endOfFile) report('text-after-eof', line, 1, 'the body goes on after # EOF');
    else if (kind === 'bad') {
      report(cursor.rule!, line, cursor.ruleAt - start + 1, lineMessage(cursor.rule!, body, cursor.ruleAt, end));
    } else if (kind === 'sample') rules.sample(ruledSample(body, cursor));
    else if (format === 'prometheus-text') {
      if (cursor.cut) report('final-newline', line, end - start + 1, 'the last line has no newline');
      if (kind === 'comment') takeMetadata(rules, report, line, textMetadata(body, start, end, false));
    } else if (kind === 'blank') report('blank-line', line, 1, 'the line is empty');
    else if (isEndOfFile(body, start, end)) endOfFile = true;
    else takeMetadata(rules, report, line, openMetricsMetadata(body, start, end));
  }
  if (format === 'openmetrics' && !endOfFile) {
    report('eof-missing', cursor.line + 1, 1, 'the body ends without # EOF');
  }
  rules.end();
  return badLines.size;
}

function takeMetadata(
  rules: FormatRules,
  report: Report,
  line: number,
  metadata: ReturnType<typeof textMetadata>,
): void {
  if (metadata === undefined) return;
  if ('rule' in metadata) report(metadata.rule, line, metadata.offset + 1, 'the comment says nothing that can be used');
  else rules.metadata(metadata, line);
}

/** What stands at the place where a line stops to make sense. */
function lineMessage(rule: ExpositionRule, body: Uint8Array, at: number, end: number): string {
  const found =
    at < end ? JSON.stringify(String.fromCharCode(...body.subarray(at, Math.min(at + 12, end)))) : undefined;
  return `${rule.replaceAll('-', ' ')}: found ${found ?? 'the end of the line'}`;
}
