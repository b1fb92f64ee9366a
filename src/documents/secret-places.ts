import type { Diagnostic, SourcePosition } from '../domain/diagnostic.js';

const secretKey =
  'password|bearer_token|tokens?|credentials|secret|authorization|basic_auth|routing_key|service_key|api_key|api_url';
const secretName = new RegExp(`\\b(?:${secretKey})\\b`);
const secretValue = new RegExp(`(?<=\\b(?:${secretKey})["']?\\s*:\\s+)[^\\s,{}[\\]][^,}]*`, 'g');
const userInfo = /(?<=:\/\/)[^/@\s]+(?=@)/g;

/**
 * Where secrets stand in files that were meant to hold none. They are refused there, but are secrets all the same: no line
 * that is shown beside a mistake repeats them.
 */
export class SecretPlaces {
  readonly #places: readonly SourcePosition[];

  constructor(diagnostics: readonly Diagnostic[]) {
    this.#places = diagnostics.filter(isAboutSecret).flatMap(({ position }) => position ?? []);
  }

  /** The line with as many asterisks for whatever looks like a secret. */
  hideIn(line: string, { file, line: number }: SourcePosition): string {
    const here = this.#places.filter((place) => place.file === file && place.line === number);
    const guessed = line.replace(secretValue, stars).replace(userInfo, stars);
    return here.reduce((text, { column, length }) => {
      const from = column - 1;
      return text.slice(0, from) + '*'.repeat(text.slice(from, from + length).length) + text.slice(from + length);
    }, guessed);
  }
}

/** A text where a map was wanted may be the secret itself: `tokens: [the-token]`. */
function isAboutSecret({ code, message }: Diagnostic): boolean {
  return code === 'wrong-type' && secretName.test(message);
}

function stars(secret: string): string {
  return '*'.repeat(secret.trimEnd().length);
}
