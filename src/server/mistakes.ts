import { Failure } from '../domain/failure.js';
import type { MistakeView } from './api-types/problem.js';

/** Gathers what is wrong with a request, so that all of it is told at once. */
export class Mistakes {
  readonly #found: MistakeView[] = [];

  /** @param where `?from=`, or a member of the body such as `/note` */
  add(where: string, detail: string, hint?: string): void {
    this.#found.push({ where, detail, hint: hint ?? null });
  }

  /** @throws Failure `bad-arguments` that names every mistake, where there is one */
  refuse(): void {
    const [first] = this.#found;
    if (!first) return;
    const message = this.#found.map(({ where, detail }) => `${where} ${detail}`).join('; ');
    const hint = this.#found.find((mistake) => mistake.hint !== null)?.hint;
    throw new Failure('bad-arguments', message, { ...(hint ? { hint } : {}), cause: new MistakeList(this.#found) });
  }
}

/** The mistakes behind a failure. */
export class MistakeList {
  readonly mistakes: readonly MistakeView[];

  constructor(mistakes: readonly MistakeView[]) {
    this.mistakes = mistakes;
  }
}
