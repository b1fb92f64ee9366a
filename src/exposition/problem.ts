/** The rules of the formats that a body can break, each with what to do about it. */
const hints = {
  'metric-name': 'A metric name is [a-zA-Z_:][a-zA-Z0-9_:]*.',
  'label-name': 'A label name is [a-zA-Z_][a-zA-Z0-9_]*.',
  'label-equals': 'A label is written name="value".',
  'label-quotes': 'A label value stands in double quotes; a quote within it is written \\".',
  'label-comma': 'Labels are separated by one comma; only Prometheus text allows one after the last.',
  'label-escape': 'In a label value only \\\\, \\" and \\n are escapes.',
  'help-escape': 'In a help text only \\\\ and \\n are escapes.',
  'duplicate-label': 'Give each label of a sample its own name.',
  'reserved-label': 'The label __name__ belongs to Prometheus: write the name before the brace.',
  'too-many-labels': 'Drop labels: nobody can ask for a series with this many.',
  utf8: 'Both formats are UTF-8.',
  'white-space': 'OpenMetrics puts exactly one space between parts, none before and none behind.',
  value: 'A value is a decimal number, NaN, +Inf or -Inf.',
  timestamp: 'Prometheus text counts whole milliseconds, OpenMetrics seconds (a finite decimal number).',
  'trailing-text': 'A sample ends with its value, its timestamp or, in OpenMetrics, its exemplar.',
  'exemplar-syntax': 'An exemplar is written " # {labels} value", optionally with a timestamp.',
  'exemplar-size': 'Names and values of an exemplar together hold at most 128 characters.',
  'exemplar-not-allowed': 'Only counters (_total) and buckets of histograms carry exemplars.',
  'blank-line': 'OpenMetrics has no blank lines.',
  comment: 'OpenMetrics knows # HELP, # TYPE, # UNIT and # EOF, and no other comments.',
  'metadata-syntax': 'Metadata is written "# HELP|TYPE|UNIT name text".',
  'metadata-repeated': 'Say HELP, TYPE and UNIT once per family.',
  'metadata-after-samples': 'Metadata stands before the first sample of its family.',
  'unknown-type': 'Use one of the types of the format, in lower case.',
  'unit-suffix': 'A family with a unit has it as the end of its name: name_seconds.',
  'unit-not-allowed': 'Families of type info and stateset have no unit.',
  'family-clash': 'Rename one of the families, or write the lines of one family together.',
  'sample-grouping': 'Write all samples of one label set together.',
  'timestamp-mixed': 'Give all samples of one label set a timestamp, or none.',
  'timestamp-backwards': 'Write the samples of one label set in the order of time.',
  'duplicate-sample': 'Write each series once: which of the two counts is undefined.',
  'stateset-label': 'A sample of a stateset names its state in a label called like the family.',
  'stateset-value': 'A state is 0 or 1.',
  'info-value': 'The value of an info metric is 1.',
  'le-label': 'A bucket has a numeric label le; infinity is written +Inf.',
  'quantile-label': 'A quantile is a number from 0 to 1 in the label quantile.',
  'quantile-value': 'The quantiles of a summary are never negative.',
  'counter-value': 'What only grows is a number and never negative.',
  'bucket-order': 'Write the buckets with le ascending.',
  'bucket-counts': 'Buckets are cumulative: a wider one never holds less.',
  'bucket-infinity': 'A histogram has a bucket le="+Inf" that equals its count.',
  'histogram-sum': 'Sum and count come together; a sum needs buckets that cannot be negative.',
  'eof-missing': 'An OpenMetrics body ends with the line "# EOF".',
  'text-after-eof': 'Nothing follows "# EOF".',
  'final-newline': 'End the last line with a newline: without it nobody can tell a whole value from a cut one.',
  'carriage-return': 'Lines end with a newline alone.',
  'line-length': 'Shorten the label values, or allow longer lines.',
} as const;

/** A rule of Prometheus text or OpenMetrics, by name. */
export type ExpositionRule = keyof typeof hints;

/** One broken rule. Line and column (in bytes) count from 1. */
export interface ExpositionProblem {
  readonly rule: ExpositionRule;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly hint: string;
}

/** The problem with its rule's hint. */
export function problemAt(rule: ExpositionRule, line: number, column: number, message: string): ExpositionProblem {
  return { rule, line, column, message, hint: hints[rule] };
}
