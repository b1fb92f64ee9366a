import { type ExpositionProblem, type ExpositionRule, problemAt } from './problem.js';

/** Collects problems: keeps the first ones, so that a body of a million broken lines costs no memory. */
export class ProblemList {
  readonly kept: ExpositionProblem[] = [];
  more = false;
  private readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** @param message what is wrong here; without it the rule's general sentence. */
  add(rule: ExpositionRule, line: number, column: number, message = generalMessage(rule)): void {
    if (this.kept.length < this.limit) this.kept.push(problemAt(rule, line, column, message));
    else this.more = true;
  }

  /** Some rules show their hand only at the end of a family: back to the order of the lines. */
  inReadingOrder(): readonly ExpositionProblem[] {
    return [...this.kept].sort((a, b) => a.line - b.line || a.column - b.column);
  }
}

function generalMessage(rule: ExpositionRule): string {
  return `${rule.replaceAll('-', ' ')}: the line breaks this rule`;
}
