import { expect, test } from '@jest/globals';
import { isAddressMistake, mailboxKey, parseMailAddress } from '../../src/config/mail-address.js';

test.each([
  ['ada@example.com', { name: undefined, address: 'ada@example.com' }],
  ['  Ada Example <ada@example.com> ', { name: 'Ada Example', address: 'ada@example.com' }],
  ['"Example, Ada" <ada+slo@example.co.uk>', { name: 'Example, Ada', address: 'ada+slo@example.co.uk' }],
  ['<ada@example.com>', { name: undefined, address: 'ada@example.com' }],
  ['Jürgen <jürgen@bücher.example>', { name: 'Jürgen', address: 'jürgen@bücher.example' }],
  ['root@localhost', { name: undefined, address: 'root@localhost' }],
])('%s is an address', (text, address) => {
  expect(parseMailAddress(text)).toEqual(address);
});

test.each([
  ['ada@example.com\r\nBcc: everybody@example.com', 'header-injection', 'a line break begins another header'],
  ['Ada\nBcc: x@example.com <ada@example.com>', 'header-injection', 'in the name, too'],
  ['Ada\u2028<ada@example.com>', 'header-injection', 'other line ends as well'],
  ['ada@example.com\0', 'header-injection', 'a control character ends a text somewhere'],
  ['ada@example.com, bob@example.com', 'bad-mail-address', 'two addresses are two entries'],
  ['ada', 'bad-mail-address', 'no @'],
  ['@example.com', 'bad-mail-address', 'nobody before the @'],
  ['ada@', 'bad-mail-address', 'nowhere behind it'],
  ['ada@@example.com', 'bad-mail-address', 'two of them'],
  ['ada@exa mple.com', 'bad-mail-address', 'a blank'],
  ['ada@example..com', 'bad-mail-address', 'an empty label'],
  ['ada@-example.com', 'bad-mail-address', 'a label that begins with a hyphen'],
  ['Ada <ada@example.com> Example', 'bad-mail-address', 'a name behind the address'],
  ['Ada <ada@example.com', 'bad-mail-address', 'half a bracket'],
  ['"Ada" Example <ada@example.com>', 'bad-mail-address', 'half a quoted name'],
  [`${'a'.repeat(65)}@example.com`, 'bad-mail-address', 'a local part of 65 characters'],
  [`a@${'b'.repeat(253)}`, 'bad-mail-address', '255 characters'],
  ['', 'bad-mail-address', 'nothing'],
])('%j is refused (%s: %s)', (text, code) => {
  const read = parseMailAddress(text);
  expect(isAddressMistake(read) && read.code).toBe(code);
});

test('the same mailbox is known by other capitals', () => {
  expect(mailboxKey({ address: 'Ada@Example.com' })).toBe(mailboxKey({ address: 'ada@example.com' }));
});
