import { visible } from '../../documents/visible.js';
import type { DeliveryOutcome } from './delivery-outcome.js';

/** What nodemailer tells of an attempt that went wrong. */
interface SmtpError {
  readonly code?: string;
  readonly originalCode?: string;
  readonly command?: string;
  readonly response?: string;
  readonly responseCode?: number;
  readonly message: string;
}

/** Enough for what servers say. */
const longestReason = 300;

/** Steps of a conversation that are about one letter; whatever is refused before them is not the letter. */
const letterCommands = ['MAIL FROM', 'RCPT TO', 'DATA'];

/**
 * What an error of a conversation means for the letter.
 *
 * A 5xx about the letter is for good (RFC 5321, 4.2.1) but for 503, which is about the order of commands. A 5xx to the
 * greeting, the encryption or the login refuses meshslo and no letter: somebody has to change something.
 *
 * @param isHandedOver whether the whole letter had been written
 */
export function outcomeOf(error: unknown, isHandedOver: boolean): DeliveryOutcome {
  const smtp = error as SmtpError;
  const { code = '', command = '', responseCode } = smtp;
  const reason = reasonOf(smtp);
  const isAnswered = responseCode !== undefined && responseCode !== 421;
  const unanswered = isHandedOver && !isAnswered;
  if (isAnswered && letterCommands.includes(command)) {
    if (responseCode >= 500 && responseCode !== 503) return { kind: 'refused', reason };
    return { kind: 'failed', reason, waitsFor: 'letter', unanswered };
  }
  const isPermanent = isAnswered && responseCode >= 500;
  const waitsFor = isPermanent || isAboutTrust(smtp) || (code === 'EAUTH' && !isAnswered) ? 'operator' : 'server';
  return { kind: 'failed', reason, waitsFor, unanswered };
}

/** A certificate that is not believed, or no encryption where it was asked for. */
function isAboutTrust({ code = '', originalCode = '', message }: SmtpError): boolean {
  return (
    code === 'ETLS' ||
    /^(CERT_|ERR_TLS_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED)/.test(originalCode) ||
    /certificate/i.test(message)
  );
}

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection was reset',
  ECONNECTION: 'the connection was closed',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'its name could not be looked up',
  EHOSTUNREACH: 'no route to the host',
  ETIMEDOUT: 'no answer in time',
  EABORT: 'no end of the conversation in time',
};

function reasonOf({ code = '', originalCode = '', command, response, message }: SmtpError): string {
  const known = words[originalCode] ?? words[code];
  const said = response === undefined ? (known ?? message) : `${command ?? 'the server'}: ${response}`;
  return visible(said.replace(/\s+/g, ' ').trim()).slice(0, longestReason);
}
