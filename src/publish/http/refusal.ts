import { visible } from '../../documents/visible.js';
import { Failure, type FailureCode } from '../../domain/failure.js';

/** Of what a server says, enough for a sentence. */
const longestReason = 300;

const meanings: Readonly<Record<number, { readonly code: FailureCode; readonly hint?: string }>> = {
  401: {
    code: 'unauthenticated',
    hint: 'name the file of its token: authorization.bearer_token_file; one that is named is not taken, or no longer',
  },
  403: {
    code: 'forbidden',
    hint: 'the token is known, but may not do this: see docs/publishing.md for what it has to be allowed',
  },
  404: { code: 'not-found', hint: 'is it the address of the server itself, with its prefix if it has one?' },
  405: { code: 'not-found', hint: 'is it the address of the server itself, with its prefix if it has one?' },
  409: { code: 'conflict', hint: 'somebody else has changed it: look at the difference, then run it again' },
  412: { code: 'conflict', hint: 'somebody else has changed it: look at the difference, then run it again' },
};

/** What the words of an answer mean for who has to do something about it. */
export interface Meaning {
  readonly said: RegExp;
  readonly hint: string;
}

/** A failure with the hint of the first meaning that fits; otherwise as it is. */
export function withMeaning(failure: Failure, meanings: readonly Meaning[]): Failure {
  const { code, message } = failure;
  const meaning = meanings.find(({ said }) => said.test(message));
  return meaning ? new Failure(code, message, { hint: meaning.hint, cause: failure }) : failure;
}

/** What a status means that is no success. */
export function refusalOf(url: string, status: number, text: string): Failure {
  const reason = reasonIn(text);
  const said = `${url} answered ${status}${reason === '' ? '' : `: ${reason}`}`;
  if (status >= 300 && status < 400) {
    const hint = 'name the address that it leads to; a login page is no server';
    return new Failure('refused', `${url} leads elsewhere (status ${status})`, { hint });
  }
  if (status === 429 || status >= 500) {
    return new Failure('target-status', said, { hint: 'it was asked several times; the next run tries again' });
  }
  const { code, hint } = meanings[status] ?? { code: 'refused' as const };
  return new Failure(code, said, hint === undefined ? {} : { hint });
}

/** The words of an answer: of its JSON where it is some, none of a page. */
function reasonIn(text: string): string {
  if (/^\s*</.test(text)) return 'a page of HTML';
  try {
    const { message, error, status } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    const words = [
      message,
      error !== message ? error : '',
      typeof status === 'string' && status !== 'error' && status !== 'Failure' ? `(${status})` : '',
    ];
    return shortened(words.filter((word) => typeof word === 'string' && word !== '').join(' '));
  } catch {
    return shortened(text);
  }
}

function shortened(text: string): string {
  const line = visible(text.trim().slice(0, longestReason + 1));
  return line.length > longestReason ? `${line.slice(0, longestReason)}...` : line;
}
