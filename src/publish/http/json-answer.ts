import { Failure } from '../../domain/failure.js';

/**
 * What an answer of JSON says; undefined where it says nothing.
 *
 * @throws Failure `body-malformed` for anything else
 */
export function jsonAnswer(url: string, text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    const what = /^\s*</.test(text) ? 'a page of HTML' : 'something else than JSON';
    throw new Failure('body-malformed', `${url} answered with ${what}`, {
      hint: 'is it the address of the server itself, and not of a login page or a proxy before it?',
      cause,
    });
  }
}
