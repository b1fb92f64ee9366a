import type { MailAddress } from './reports.js';

/** What is wrong with a text that was meant as an address. */
export interface AddressMistake {
  readonly code: 'header-injection' | 'bad-mail-address';
  readonly message: string;
  readonly hint: string;
}

/** RFC 5321, 4.5.3.1: longer ones are refused on the way. */
const longestAddress = 254;
const longestLocalPart = 64;
const longestName = 128;

const example = 'on-call@example.com, or On call <on-call@example.com>';

/**
 * Reads `somebody@example.com` or `Some Body <somebody@example.com>`.
 *
 * Stricter than RFC 5322 on purpose: no comments, no quoted local parts, no groups, one address. What would become a header
 * of its own is refused, however it is disguised.
 */
export function parseMailAddress(text: string): MailAddress | AddressMistake {
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text)) {
    const message = `${JSON.stringify(text)} holds a line break or another control character`;
    return { code: 'header-injection', message, hint: 'one address, on one line' };
  }
  const [, quoted, plain, inside] = /^\s*(?:"([^"\\]*)"|([^"<>]*?))\s*<([^<>]*)>\s*$/.exec(text) ?? [];
  const name = (quoted ?? plain)?.trim();
  const address = (inside ?? text).trim();
  if (!isAddress(address) || (name !== undefined && name.length > longestName)) {
    return { code: 'bad-mail-address', message: `${JSON.stringify(text)} is no mail address`, hint: example };
  }
  return { name: name === '' ? undefined : name, address };
}

export function isAddressMistake(read: MailAddress | AddressMistake): read is AddressMistake {
  return 'code' in read;
}

/** The same for addresses that reach the same mailbox: domains know no case, and of local parts hardly any does. */
export function mailboxKey({ address }: Pick<MailAddress, 'address'>): string {
  return address.toLowerCase();
}

/** An atom of RFC 5322, other alphabets included. */
const atom = /^[^\s"(),.:;<>@[\]\\]+$/;
const label = /^[\p{L}\p{N}]([\p{L}\p{N}-]*[\p{L}\p{N}])?$/u;

function isAddress(text: string): boolean {
  const at = text.lastIndexOf('@');
  const local = text.slice(0, at);
  const domain = text.slice(at + 1);
  return (
    at > 0 &&
    text.length <= longestAddress &&
    local.length <= longestLocalPart &&
    local.split('.').every((part) => atom.test(part)) &&
    domain.split('.').every((part) => label.test(part))
  );
}
