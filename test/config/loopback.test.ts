import { expect, test } from '@jest/globals';
import { isLoopback } from '../../src/config/loopback.js';

test.each([
  { address: '127.0.0.1', is: true, why: 'the usual one' },
  { address: '127.9.9.9', is: true, why: 'loopback is a whole network' },
  { address: '::1', is: true, why: 'IPv6' },
  { address: '[::1]', is: true, why: 'as in a web address' },
  { address: '0:0:0:0:0:0:0:1', is: true, why: '::1 in full' },
  { address: '[0000:0:0::0001]', is: true, why: '::1 in another spelling' },
  { address: '::1%lo', is: true, why: 'with a zone' },
  { address: '::ffff:127.0.0.1', is: true, why: 'IPv4 within IPv6' },
  { address: '::ffff:7f00:1', is: true, why: 'the same in another spelling' },
  { address: 'localhost', is: true, why: 'by name' },
  { address: 'LOCALHOST', is: true, why: 'names have no case' },
  { address: 'localhost.', is: true, why: 'by full name' },
  { address: '127.0.0.999', is: false, why: 'no address, so a name that somebody else may answer for' },
  { address: '127.1', is: false, why: 'an address to some systems, a name to others' },
  { address: '0.0.0.0', is: false, why: 'everybody' },
  { address: '::', is: false, why: 'everybody' },
  { address: '::2', is: false, why: 'near is not there' },
  { address: '128.0.0.1', is: false, why: 'near is not there' },
  { address: '::ffff:128.0.0.1', is: false, why: 'near is not there' },
  { address: 'localhost.example', is: false, why: 'a name that may mean anything' },
  { address: '[localhost]', is: false, why: 'brackets are for IPv6' },
  { address: '[127.0.0.1]', is: false, why: 'brackets are for IPv6' },
  { address: '[::1', is: false, why: 'half a bracket' },
  { address: ' ::1', is: false, why: 'a space is no part of an address' },
  { address: '', is: false, why: 'an empty address is every interface' },
])('$address: $is, $why', ({ address, is }) => {
  expect(isLoopback(address)).toBe(is);
});
