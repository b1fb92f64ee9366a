import { BlockList, isIP } from 'node:net';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');
loopback.addSubnet('::ffff:127.0.0.0', 104, 'ipv6');

/**
 * Whether only this machine can reach a listener on the address; every spelling of an address counts, and IPv6 may stand in
 * brackets. A name other than localhost may mean anything, and so may what only looks like an address.
 */
export function isLoopback(address: string): boolean {
  const bracketed = /^\[(.*)\]$/.exec(address)?.[1];
  if (bracketed !== undefined) return isIP(bracketed) === 6 && isLoopback(bracketed);
  switch (isIP(address)) {
    case 4:
      return loopback.check(address, 'ipv4');
    case 6:
      // A zone (`::1%lo`) says through which interface, not where to.
      return loopback.check(address.replace(/%.*$/, ''), 'ipv6');
    default:
      return /^localhost\.?$/i.test(address);
  }
}
