import { expect, test } from '@jest/globals';
import { starUserInfo } from '../../src/domain/user-info.js';

test.each([
  { why: 'name and password', address: 'http://u:pw@h:1/x?y', shown: 'http://***@h:1/x?y' },
  { why: 'no scheme', address: 'u:pw@h:1', shown: '***@h:1' },
  { why: 'a password with an @ in it', address: 'https://u:p@w@h/', shown: 'https://***@h/' },
  { why: 'nothing to hide', address: 'http://h:1/a@b', shown: 'http://h:1/a@b' },
])('an address is shown without its user: $why', ({ address, shown }) => {
  expect(starUserInfo(address)).toBe(shown);
});
